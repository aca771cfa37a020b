import { get } from "../api.js";
import { h, setText } from "../dom.js";
import { StreamRow } from "./stream-row.js";

/** One stream, with its configuration. */
export class StreamPage {
  #id;
  #row = null;
  #gone = false;
  #asking = false;

  #told = h("p", { class: "lead", role: "status" });
  #list = h("ul", { class: "list streams" });
  #config = h("pre", { tabindex: "0", class: "payload" });
  #details = h("details", {}, h("summary", {}, "Configuration"), this.#config);

  element = h(
    "div",
    { class: "view" },
    h(
      "section",
      { class: "card" },
      h("p", {}, h("a", { href: "#streams" }, "‹ All streams")),
      this.#told,
      this.#list,
      this.#details,
    ),
  );

  /**
   * @param id as it stands in the address
   */
  constructor(id) {
    this.#id = id;
    this.#details.hidden = true;
  }

  /** Time has passed. */
  turn() {
    if (!this.#asking && !this.#gone) {
      this.refresh();
    }
  }

  draw(now) {
    this.#row?.draw(now);
  }

  leave() {
    this.#row?.leave();
  }

  async refresh() {
    this.#asking = true;
    try {
      this.#draw(await get(`/streams/${encodeURIComponent(this.#id)}`));
    } catch (problem) {
      this.#gone = problem.status === 404;
      const text = this.#gone ? `There is no stream ${this.#id}.` : `Not refreshed: ${problem.message}`;
      this.#say(text);
    } finally {
      this.#asking = false;
    }
  }

  #draw(stream) {
    if (!this.#row) {
      this.#row = new StreamRow(stream, false);
      this.#list.append(this.#row.element);
    }
    this.#row.update(stream);
    this.#details.hidden = false;
    setText(this.#config, JSON.stringify(stream.config, null, 2));
    this.#say("");
  }

  #say(text) {
    setText(this.#told, text);
    this.#told.hidden = text === "";
  }
}
