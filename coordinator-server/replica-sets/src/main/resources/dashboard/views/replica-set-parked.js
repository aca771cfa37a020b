import { get, post } from "../api.js";
import { button, card, h, setText } from "../dom.js";
import { count, exact, moment } from "../format.js";
import { attempt, note } from "../note.js";
import { table, tag } from "../table.js";

const MOST = 1000;

/** What a projection has put aside, by stream. */
export class ParkedEvents {
  #path;
  #projection = null;
  #told = h("p", { class: "lead" }, "\u00a0");
  #table = table({
    label: "Parked streams",
    key: ({ stream }) => stream,
    empty: [h("p", {}, "Nothing is parked any more.")],
    columns: [
      { head: "Stream", kind: "wide", text: ({ stream }) => stream, title: ({ stream }) => stream },
      { head: "State", make: () => tag(state, ({ released }) => (released ? "warn" : "bad")) },
      { head: "Events", kind: "number", text: ({ events }) => count(events) },
      { head: "From position", kind: "number", text: ({ position }) => exact(position) },
      { head: "Error", kind: "wide", text: ({ error }) => error, title: ({ error }) => error },
      { head: "Since", text: ({ since }) => moment(since) },
      { head: "", kind: "action", make: () => this.#release() },
    ],
  });

  element = card("Parked", this.#told, this.#table.element);

  /**
   * @param path of the replica set
   */
  constructor(path) {
    this.#path = path;
  }

  /** Shows those of a projection from now on. */
  async open(projection) {
    this.#projection = projection;
    await this.refresh();
    this.element.scrollIntoView({ block: "nearest" });
  }

  async refresh() {
    const projection = this.#projection;
    if (projection === null) {
      return;
    }
    try {
      const { parked } = await get(`${this.#of(projection)}/parked?limit=${MOST}`);
      if (projection === this.#projection) {
        const shown = parked.length === MOST ? `, the first ${count(MOST)} events` : "";
        setText(this.#told, `By ${projection}${shown}. Later events of these streams wait behind them.`);
        this.#table.update(streams(parked));
        this.element.hidden = false;
      }
    } catch ({ message }) {
      setText(this.#told, `Not refreshed: ${message}`);
    }
  }

  #of(projection) {
    return `${this.#path}/projections/${encodeURIComponent(projection)}`;
  }

  #release() {
    let item = null;
    const control = button("Release", { class: "button small", "data-verb": "release", "data-needs": "operator" }, () =>
      attempt(control, `${item.stream}: not released`, async () => {
        const body = { stream_id: item.stream };
        const { released } = await post(`${this.#of(this.#projection)}/release`, body);
        const events = released === 1 ? "1 event" : `${count(released)} events`;
        note(`${events} of ${item.stream} will be handled again.`);
        await this.refresh();
      }),
    );
    return {
      element: h("span", { class: "buttons" }, control),
      update: (next) => {
        item = next;
        control.setAttribute("aria-label", `Release ${next.stream}`);
      },
    };
  }
}

function state({ released }) {
  return released ? "released" : "parked";
}

/** In the order of their first events. */
function streams(parked) {
  const found = new Map();
  for (const event of parked) {
    const stream = found.get(event.stream_id);
    if (stream) {
      stream.events++;
      stream.error ||= event.error;
    } else {
      found.set(event.stream_id, {
        stream: event.stream_id,
        events: 1,
        position: event.position,
        error: event.error,
        released: event.released,
        since: event.parked_at,
      });
    }
  }
  return [...found.values()];
}
