import { get } from "../api.js";
import { card, h, keyed, setText } from "../dom.js";
import { UNKNOWN, bytes, count, exact, moment, words } from "../format.js";
import { tag } from "../table.js";
import {
  Rates,
  buffer,
  dropped,
  inTrouble,
  lastEvent,
  stateKind,
  stateText,
} from "./collector-state.js";
import { steer } from "./collector-steer.js";

/** One collector with its ledger. */
export class CollectorPage {
  #path;
  #now = Date.now();
  #gone = false;
  #asking = false;
  #rates = new Rates();

  #title = h("h2", {}, "Collector");
  #state = tag(stateText, stateKind);
  #buffer = buffer();
  #steer = steer((collector) => this.#draw(collector));
  #told = h("p", { class: "lead", role: "status" }, "\u00a0");
  #facts = facts();
  #ledger = facts();
  #ledgerCard = card("Ledger", this.#ledger.element);

  element = h(
    "div",
    { class: "view" },
    h(
      "section",
      { class: "card" },
      h("p", {}, h("a", { href: "#collectors" }, "‹ All collectors")),
      h(
        "div",
        { class: "toolbar head" },
        this.#title,
        this.#state.element,
        this.#buffer.element,
        this.#steer.element,
      ),
      this.#told,
      this.#facts.element,
    ),
    this.#ledgerCard,
  );

  /**
   * @param name as it stands in the address
   */
  constructor(name) {
    this.#path = `/api/collectors/${name}`;
    this.#steer.element.hidden = true;
    this.#buffer.element.hidden = true;
    this.#ledgerCard.hidden = true;
  }

  /** Time has passed. */
  turn(now) {
    this.#now = now;
    if (!this.#asking && !this.#gone) {
      this.refresh();
    }
  }

  async refresh() {
    this.#asking = true;
    try {
      this.#draw(await get(this.#path));
    } catch (problem) {
      this.#gone = problem.status === 404;
      const text = this.#gone ? "There is no such collector." : `Not refreshed: ${problem.message}`;
      setText(this.#told, text);
    } finally {
      this.#asking = false;
    }
  }

  #draw(collector) {
    setText(this.#title, collector.name);
    this.#state.update(collector);
    this.#buffer.update(collector);
    this.#steer.element.hidden = false;
    this.#steer.update(collector);
    setText(this.#told, collector.detail || "\u00a0");
    this.#told.className = inTrouble(collector) ? "lead error" : "lead";
    this.#facts.update(about(collector, this.#now));
    this.#ledgerCard.hidden = !collector.ledger;
    if (collector.ledger) {
      const { received, published } = collector.ledger;
      const counts = [
        ["received", received],
        ["published", published],
      ];
      this.#rates.add(performance.now(), counts);
      this.#ledger.update(ends(collector, this.#rates));
    }
  }
}

function about(collector, now) {
  const { buffer: room, last_event: time } = collector;
  const pairs = [
    ["Kind", collector.kind],
    ["Last event", time ? `${lastEvent(collector, now)}, ${moment(time)}` : "never"],
    ["Restarts after failures", count(collector.restarts)],
    ["When its buffer is full", collector.when_full],
  ];
  if (room) {
    pairs.push(["Buffer", `${count(room.capacity)} events, ${bytes(room.bytes)} in it`]);
  }
  if (collector.stray_threads) {
    pairs.push(["Threads that did not end", count(collector.stray_threads)]);
  }
  return pairs;
}

/** Received and recovered are the sum of all others. */
function ends(collector, rates) {
  const { ledger } = collector;
  const lost = Object.entries(ledger.dropped).filter(([, number]) => number);
  return [
    ["Received", exact(ledger.received) + perSecond(rates, "received")],
    ["Recovered from disk at the start", exact(ledger.recovered)],
    ["Published", exact(ledger.published) + perSecond(rates, "published")],
    ["Dropped", exact(dropped(collector))],
    ...lost.map(([reason, number]) => [`– ${words(reason)}`, exact(number)]),
    ["Sampled out", exact(ledger.sampled_out)],
    ["Queued", exact(ledger.queued)],
    ["Spilled to disk", exact(ledger.spilled)],
  ];
}

/** Nothing as long as it is not known. */
function perSecond(rates, name) {
  const text = rates.text(name);
  return text === UNKNOWN ? "" : ` (${text} per second)`;
}

/** Pairs of a name and a text. */
function facts() {
  const element = h("dl", { class: "facts across" });
  const rows = keyed(
    element,
    ([name]) => name,
    ([name]) => {
      const text = h("dd", {});
      return {
        element: h("div", {}, h("dt", {}, name), text),
        update: ([, now]) => setText(text, now),
      };
    },
  );
  return { element, update: rows };
}
