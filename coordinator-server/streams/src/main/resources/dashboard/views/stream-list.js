import { getPage } from "../api.js";
import { button, card, h, keyed, setText } from "../dom.js";
import { count } from "../format.js";
import { StreamRow } from "./stream-row.js";

const PAGE = 100;
const FIRST = `/streams?limit=${PAGE}`;

/** Streams by their ids. Looking at them makes nobody a watcher. */
export class StreamList {
  /** The paths of this page and of those before it. */
  #pages = [FIRST];
  #next = null;
  #asking = 0;

  #told = h("p", { class: "lead", role: "status" }, "\u00a0");
  #list = h("ul", { class: "list streams", "aria-label": "Streams" });
  #shown = new Map();
  #rows = keyed(this.#list, ({ stream_id: id }) => id, (stream) => this.#row(stream));
  #empty = h(
    "div",
    { class: "empty" },
    h("p", {}, "There is no stream. Create one here, or with"),
    h("pre", { tabindex: "0" }, command()),
    h("p", {}, "It runs as soon as somebody watches it."),
  );
  #before = button("Before", {}, () => this.#turnTo(this.#pages.slice(0, -1)));
  #after = button("After", {}, () => this.#turnTo([...this.#pages, this.#next]));
  #turns = h("div", { class: "buttons pages" }, this.#before, this.#after);

  element = card("Streams", this.#told, this.#empty, this.#list, this.#turns);

  constructor() {
    this.#empty.hidden = true;
    this.#turns.hidden = true;
  }

  /** Time has passed. */
  turn() {
    if (this.#asking === 0) {
      this.refresh();
    }
  }

  draw(now) {
    this.#shown.forEach((row) => row.draw(now));
  }

  leave() {
    this.#shown.forEach((row) => row.leave());
  }

  /** Answers that come when something else is wanted are dropped. */
  async refresh() {
    const path = this.#pages.at(-1);
    this.#asking++;
    try {
      const page = await getPage(path);
      if (path === this.#pages.at(-1)) {
        this.#draw(page);
      }
    } catch (problem) {
      setText(this.#told, `Not refreshed: ${problem.message}`);
    } finally {
      this.#asking--;
    }
  }

  #draw({ items, next }) {
    this.#next = next;
    this.#forget(new Set(items.map(({ stream_id: id }) => id)));
    this.#rows(items);
    const alone = this.#pages.length === 1;
    this.#told.hidden = items.length === 0 && alone;
    this.#empty.hidden = items.length > 0 || !alone;
    this.#turns.hidden = alone && next === null;
    setText(this.#told, items.length ? this.#sum(items) : "\u00a0");
    this.#before.disabled = alone;
    this.#after.disabled = next === null;
  }

  #sum(items) {
    const running = items.filter(({ state }) => state.mode === "running").length;
    const watching = items.reduce((sum, { subscribers }) => sum + (subscribers?.total ?? 0), 0);
    const place = this.#turns.hidden ? "" : `Page ${this.#pages.length}: `;
    const streams = items.length === 1 ? "1 stream" : `${count(items.length)} streams`;
    const more = this.#next === null ? "" : " and more";
    return `${place}${streams}${more}, ${count(running)} running, ${count(watching)} watching`;
  }

  #turnTo(pages) {
    this.#pages = pages;
    this.refresh();
  }

  #row(stream) {
    const row = new StreamRow(stream, true);
    this.#shown.set(stream.stream_id, row);
    return row;
  }

  #forget(kept) {
    for (const [id, row] of this.#shown) {
      if (!kept.has(id)) {
        row.leave();
        this.#shown.delete(id);
      }
    }
  }
}

function command() {
  return `curl -X POST ${location.origin}/streams \\
  -H "Content-Type: application/json" \\
  -d '{"scenes": [
        {"name": "Intro", "duration_ms": 3000},
        {"name": "Main", "duration_ms": 10000},
        {"name": "Outro", "duration_ms": 2000}]}'`;
}
