import { get } from "../api.js";
import { card, h, setText } from "../dom.js";
import { count, exact, moment } from "../format.js";
import { table, tag } from "../table.js";
import { sinceText, stateKind, stateText, workersText } from "./replica-set-state.js";

/** All replica sets by name. */
export class ReplicaSetList {
  #now = Date.now();
  #asking = false;

  #told = h("p", { class: "lead", role: "status" }, "\u00a0");
  #table = table({
    label: "Replica sets",
    key: ({ name }) => name,
    empty: [h("p", {}, "No worker has joined a replica set in this database yet.")],
    columns: [
      { head: "Replica set", kind: "wide", make: name },
      { head: "State", make: () => tag(stateText, stateKind) },
      { head: "Workers", text: ({ workers }) => workersText(workers) },
      { head: "Generation", kind: "number", text: ({ generation }) => exact(generation) },
      {
        head: "For",
        kind: "number",
        text: (set) => sinceText(set, this.#now),
        title: ({ since }) => moment(since),
      },
      { head: "Projections", kind: "number", text: ({ projections }) => count(projections) },
      {
        head: "Lag",
        kind: "number",
        text: ({ lag }) => count(lag),
        title: ({ lag }) => `${exact(lag)} positions behind the last event, at most`,
      },
      { head: "Parked", kind: "number", make: parked },
    ],
  });

  element = card("Replica sets", this.#told, this.#table.element);

  constructor() {
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
      this.#draw(await get("/api/replica-sets"));
    } catch ({ message }) {
      this.#told.className = "lead error";
      setText(this.#told, `Not refreshed: ${message}`);
    } finally {
      this.#asking = false;
    }
  }

  #draw({ replica_sets: sets }) {
    this.#table.element.hidden = false;
    this.#table.update(sets);
    this.#told.className = "lead";
    setText(this.#told, summary(sets));
  }
}

function summary(sets) {
  if (sets.length === 0) {
    return "\u00a0";
  }
  const number = sets.length === 1 ? "1 replica set" : `${count(sets.length)} replica sets`;
  const bad = sets.filter((set) => stateKind(set) === "bad").length;
  return `${number}${bad ? `, ${count(bad)} in trouble` : ""}`;
}

function name() {
  const link = h("a", {});
  return {
    element: link,
    update: (set) => {
      setText(link, set.name);
      link.href = `#replica-sets/${encodeURIComponent(set.name)}`;
    },
  };
}

function parked() {
  const element = h("span", {});
  return {
    element,
    update: (set) => {
      setText(element, count(set.parked));
      element.className = set.parked ? "error" : "";
    },
  };
}
