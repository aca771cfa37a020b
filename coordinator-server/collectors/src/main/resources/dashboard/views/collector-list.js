import { get } from "../api.js";
import { card, h, setText, setTitle } from "../dom.js";
import { count, exact, moment } from "../format.js";
import { table, tag } from "../table.js";
import { reload } from "./collector-reload.js";
import {
  Rates,
  buffer,
  dropped,
  inTrouble,
  lastEvent,
  number,
  stateKind,
  stateText,
} from "./collector-state.js";
import { steer } from "./collector-steer.js";

/** All collectors by name. */
export class CollectorList {
  #now = Date.now();
  #asking = false;
  #rates = new Rates();

  #told = h("p", { class: "lead", role: "status" }, "\u00a0");
  #refused = h(
    "p",
    { class: "error", role: "alert" },
    "The newest configuration was refused, an older one runs. Reload tells what is wrong.",
  );
  #table = table({
    label: "Collectors",
    key: ({ name }) => name,
    empty: [
      h("p", {}, "No collector is configured. Name one in the settings, and reload:"),
      h("pre", { tabindex: "0" }, "collectors:\n  kernel:\n    enabled: true"),
    ],
    columns: [
      { head: "Collector", kind: "wide", make: name },
      { head: "State", make: () => tag(stateText, stateKind) },
      { head: "Per second", kind: "number", text: ({ name: of }) => this.#rates.text(of) },
      { head: "Buffer", make: buffer },
      {
        head: "Published",
        kind: "number",
        text: ({ ledger }) => number(ledger?.published),
        title: ({ ledger }) => (ledger ? exact(ledger.published) : ""),
      },
      { head: "Dropped", kind: "number", make: losses },
      { head: "Spilled", kind: "number", text: ({ ledger }) => number(ledger?.spilled) },
      { head: "Restarts", kind: "number", text: ({ restarts }) => count(restarts) },
      {
        head: "Last event",
        kind: "number",
        text: (collector) => lastEvent(collector, this.#now),
        title: ({ last_event: time }) => (time ? moment(time) : ""),
      },
      { head: "", kind: "action", make: () => steer(() => this.refresh()) },
    ],
  });

  element = card(
    "Collectors",
    h("div", { class: "toolbar" }, this.#told, reload(() => this.refresh())),
    this.#refused,
    this.#table.element,
  );

  constructor() {
    this.#refused.hidden = true;
    this.#table.element.hidden = true;
  }

  /** Time has passed. */
  turn(now) {
    this.#now = now;
    if (!this.#asking) {
      this.refresh();
    }
  }

  async refresh() {
    this.#asking = true;
    try {
      this.#draw(await get("/api/collectors"));
    } catch ({ message }) {
      setText(this.#told, `Not refreshed: ${message}`);
    } finally {
      this.#asking = false;
    }
  }

  #draw({ collectors, reloads }) {
    this.#rates.add(performance.now(), received(collectors));
    this.#refused.hidden = !reloads.last_failed;
    this.#table.element.hidden = false;
    this.#table.update(collectors);
    setText(this.#told, summary(collectors));
  }
}

function received(collectors) {
  return collectors
    .filter(({ ledger }) => ledger)
    .map(({ name: of, ledger }) => [of, ledger.received]);
}

function summary(collectors) {
  if (collectors.length === 0) {
    return "\u00a0";
  }
  const all = collectors.length === 1 ? "1 collector" : `${count(collectors.length)} collectors`;
  const running = collectors.filter(({ state }) => state === "running").length;
  const bad = collectors.filter(inTrouble).length;
  return `${all}, ${count(running)} running${bad ? `, ${count(bad)} in trouble` : ""}`;
}

/** The way to the collector, and its trouble below. */
function name() {
  const link = h("a", {});
  const detail = h("small", {});
  return {
    element: h("div", { class: "lines" }, link, detail),
    update: (collector) => {
      setText(link, collector.name);
      link.href = `#collectors/${encodeURIComponent(collector.name)}`;
      setText(detail, collector.detail);
      setTitle(detail, collector.detail);
      detail.className = inTrouble(collector) ? "error" : "";
      // Not once more what the state says.
      detail.hidden = ["", stateText(collector)].includes(collector.detail);
    },
  };
}

function losses() {
  const element = h("span", {});
  return {
    element,
    update: (collector) => {
      const lost = dropped(collector);
      setText(element, number(lost));
      element.className = lost ? "error" : "";
    },
  };
}
