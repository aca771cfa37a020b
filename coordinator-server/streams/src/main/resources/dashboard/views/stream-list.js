import { card, h, keyed, setText } from "../dom.js";
import { count } from "../format.js";
import { Pages } from "../pages.js";
import { StreamRow } from "./stream-row.js";

const PAGE = 100;
const FIRST = `/streams?limit=${PAGE}`;

/** Streams by their ids. Looking at them makes nobody a watcher. */
export class StreamList {
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
  #pages = new Pages({
    before: "Before",
    after: "After",
    draw: (items) => this.#draw(items),
    failed: ({ message }) => setText(this.#told, `Not refreshed: ${message}`),
  });

  element = card("Streams", this.#told, this.#empty, this.#list, this.#pages.element);

  constructor() {
    this.#empty.hidden = true;
    this.#pages.element.hidden = true;
    this.#pages.begin(FIRST);
  }

  /** Time has passed. */
  turn() {
    this.#pages.turn();
  }

  refresh() {
    return this.#pages.refresh();
  }

  draw(now) {
    this.#shown.forEach((row) => row.draw(now));
  }

  leave() {
    this.#shown.forEach((row) => row.leave());
  }

  #draw(items) {
    this.#forget(new Set(items.map(({ stream_id: id }) => id)));
    this.#rows(items);
    const first = this.#pages.number === 1;
    this.#told.hidden = items.length === 0 && first;
    this.#empty.hidden = items.length > 0 || !first;
    this.#pages.element.hidden = first && !this.#pages.goesOn;
    setText(this.#told, items.length ? this.#sum(items) : "\u00a0");
  }

  #sum(items) {
    const running = items.filter(({ state }) => state.mode === "running").length;
    const watching = items.reduce((sum, { subscribers }) => sum + (subscribers?.total ?? 0), 0);
    const place = this.#pages.element.hidden ? "" : `Page ${this.#pages.number}: `;
    const streams = items.length === 1 ? "1 stream" : `${count(items.length)} streams`;
    const more = this.#pages.goesOn ? " and more" : "";
    return `${place}${streams}${more}, ${count(running)} running, ${count(watching)} watching`;
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
