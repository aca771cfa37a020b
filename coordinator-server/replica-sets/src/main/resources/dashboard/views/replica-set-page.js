import { get } from "../api.js";
import { card, h, setText } from "../dom.js";
import { exact, moment } from "../format.js";
import { tag } from "../table.js";
import { ParkedEvents } from "./replica-set-parked.js";
import { projectionTable } from "./replica-set-projections.js";
import { byState, sinceText, stateKind, stateText, workersText } from "./replica-set-state.js";
import { workerTable } from "./replica-set-workers.js";

/** One replica set with its workers and projections, and what one of these has parked. */
export class ReplicaSetPage {
  #path;
  #now = Date.now();
  #gone = false;
  #asking = false;

  #title = h("h2", {}, "Replica set");
  #state = tag(stateText, stateKind);
  #told = h("p", { class: "lead", role: "status" }, "\u00a0");
  #workers = workerTable();
  #parked;
  #projections;
  #cards;

  element = h("div", { class: "view" });

  /**
   * @param name as it stands in the address
   */
  constructor(name) {
    this.#path = `/api/replica-sets/${name}`;
    this.#parked = new ParkedEvents(this.#path);
    this.#projections = projectionTable({
      path: this.#path,
      changed: (set) => this.#draw(set),
      opened: ({ name: projection }) => this.#parked.open(projection),
    });
    this.#cards = [
      card("Workers", this.#workers.element),
      card("Projections", this.#projections.element),
      this.#parked.element,
    ];
    this.#cards.forEach((each) => (each.hidden = true));
    this.#state.element.hidden = true;
    this.element.append(
      h(
        "section",
        { class: "card" },
        h("p", {}, h("a", { href: "#replica-sets" }, "‹ All replica sets")),
        h("div", { class: "toolbar head" }, this.#title, this.#state.element),
        this.#told,
      ),
      ...this.#cards,
    );
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
      await this.#parked.refresh();
    } catch (problem) {
      this.#gone = problem.status === 404;
      const text = this.#gone ? "There is no such replica set." : `Not refreshed: ${problem.message}`;
      this.#told.className = "lead error";
      setText(this.#told, text);
    } finally {
      this.#asking = false;
    }
  }

  #draw(set) {
    const workers = byState(set.workers);
    setText(this.#title, set.name);
    this.#state.element.hidden = false;
    this.#state.update({ ...set, workers });
    this.#told.className = "lead";
    setText(this.#told, this.#summary(set, workers));
    this.#told.title = moment(set.since);
    this.#cards[0].hidden = false;
    this.#cards[1].hidden = false;
    this.#workers.update(set.workers, set.slots);
    this.#projections.update(set.projections, set.last_position);
  }

  #summary(set, workers) {
    const generation = `Generation ${exact(set.generation)} for ${sinceText(set, this.#now)}`;
    return `${generation}. Workers: ${workersText(workers)}. Last event: ${exact(set.last_position)}.`;
  }
}
