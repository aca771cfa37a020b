import { getPage } from "./api.js";
import { button, h } from "./dom.js";

/** A list that comes in pages, of which one is shown and asked for again as time passes. */
export class Pages {
  /** The paths of this page and of those before it. */
  #paths = [];
  #next = null;
  #asking = 0;
  #draw;
  #failed;
  #before;
  #after;

  element;

  /**
   * @param before, after what is written on the buttons
   * @param draw is given the items of a page
   * @param failed is given the problem that kept one from being shown
   */
  constructor({ before, after, draw, failed }) {
    this.#draw = draw;
    this.#failed = failed;
    this.#before = button(before, {}, () => this.#turnTo(this.#paths.slice(0, -1)));
    this.#after = button(after, {}, () => this.#turnTo([...this.#paths, this.#next]));
    this.element = h("div", { class: "buttons pages" }, this.#before, this.#after);
  }

  /** From 1. */
  get number() {
    return this.#paths.length;
  }

  /** Whether another page follows. */
  get goesOn() {
    return this.#next !== null;
  }

  /** The first page of another list; it is asked for by the next refresh. */
  begin(path) {
    this.#paths = [path];
    this.#before.disabled = true;
    this.#after.disabled = true;
  }

  /** Time has passed. */
  turn() {
    if (this.#asking === 0) {
      this.refresh();
    }
  }

  /** Answers that come when something else is wanted are dropped. */
  async refresh() {
    const path = this.#paths.at(-1);
    this.#asking++;
    try {
      const { items, next } = await getPage(path);
      if (path === this.#paths.at(-1)) {
        this.#next = next;
        this.#before.disabled = this.number === 1;
        this.#after.disabled = !this.goesOn;
        this.#draw(items);
      }
    } catch (problem) {
      this.#failed(problem);
    } finally {
      this.#asking--;
    }
  }

  #turnTo(paths) {
    this.#paths = paths;
    this.refresh();
  }
}
