import { get, post } from "../api.js";
import { ask, tell } from "../dialog.js";
import { button, card, h, setText } from "../dom.js";
import { bytes, count, moment, words } from "../format.js";
import { attempt, note } from "../note.js";
import { table, tag } from "../table.js";

const PAGE = 50;
const MOST = 1000;
const COUNTED = ["dead_lettered_nacked", "dead_lettered_workers_lost"];

/** What was given up: look at it, try it again, throw it away. */
export function letters() {
  return new Letters();
}

class Letters {
  #letters = [];
  #chosen = new Set();
  #more = false;
  #seen = null;

  #sum = h("p", { class: "lead" }, "\u00a0");
  #refresh = button("Refresh", {}, () => this.#try(this.#refresh, "Not refreshed", () => this.#load()));
  #replay = button("Replay all", { class: "button primary", "data-needs": "operator" }, () => this.#replayChosen());
  #purge = button("Purge all", { class: "button danger", "data-needs": "operator" }, () => this.#purgeChosen());
  #next = button("Show more", {}, () =>
    this.#try(this.#next, "No more letters", () => this.#load(this.#letters.length + PAGE)),
  );
  #all = h("input", {
    type: "checkbox",
    "aria-label": "Choose every dead letter shown",
    on: { change: () => this.#chooseAll() },
  });
  #table = table({
    label: "Dead letters",
    key: ({ id }) => id,
    empty: [h("p", {}, "Nothing was given up. What workers cannot handle would be kept here.")],
    columns: [
      { head: "", headElement: this.#all, kind: "check", make: () => this.#chooser() },
      { head: "Given up", text: (letter) => moment(letter.stored_at) },
      { head: "Reason", make: () => tag(({ reason }) => words(reason), () => "bad") },
      { head: "Action", text: (letter) => letter.action_name ?? "no action" },
      { head: "Source", text: ({ source }) => source, title: ({ origin }) => origin },
      { head: "Error", kind: "wide", text: ({ error }) => error, title: ({ error }) => error },
      { head: "Size", kind: "number", text: (letter) => bytes(letter.bytes) },
      { head: "", kind: "action", make: () => this.#viewer() },
    ],
  });

  element = h(
    "div",
    { class: "view" },
    card(
      "Dead letters",
      h("div", { class: "toolbar" }, this.#sum, this.#refresh, this.#replay, this.#purge),
      this.#table.element,
      this.#next,
    ),
  );

  constructor() {
    this.#draw();
  }

  show() {
    this.#try(this.#refresh, "Not refreshed", () => this.#load());
  }

  /** New letters show in the counts. */
  update({ queue }) {
    const counted = COUNTED.reduce((sum, name) => sum + queue.counts[name], 0);
    if (this.#seen !== null && counted !== this.#seen) {
      this.#try(this.#refresh, "Not refreshed", () => this.#load());
    }
    this.#seen = counted;
  }

  async #try(control, what, action) {
    await attempt(control, what, action);
    this.#draw();
  }

  async #load(wanted = Math.max(PAGE, this.#letters.length)) {
    try {
      const page = await get(`/api/dead-letters?limit=${Math.min(wanted, MOST)}`);
      this.#letters = page.dead_letters;
      this.#more = page.next !== undefined && page.dead_letters.length < MOST;
    } catch (problem) {
      if (problem.status !== 501) {
        throw problem;
      }
      this.element.replaceChildren(
        card("Dead letters", h("div", { class: "empty" }, h("p", {}, notKept()))),
      );
    }
    const known = new Set(this.#letters.map(({ id }) => id));
    this.#chosen = new Set([...this.#chosen].filter((id) => known.has(id)));
  }

  #draw() {
    this.#table.update(this.#letters);
    const chosen = this.#chosen.size;
    const shown = this.#letters.length;
    setText(this.#sum, summary(shown, chosen, this.#more));
    setText(this.#replay, chosen ? `Replay ${chosen}` : "Replay all");
    setText(this.#purge, chosen ? `Purge ${chosen}` : "Purge all");
    this.#replay.disabled = shown === 0;
    this.#purge.disabled = shown === 0;
    this.#next.hidden = !this.#more;
    this.#all.checked = shown > 0 && chosen === shown;
    this.#all.indeterminate = chosen > 0 && chosen < shown;
  }

  #chooseAll() {
    this.#chosen = new Set(this.#all.checked ? this.#letters.map(({ id }) => id) : []);
    this.#draw();
  }

  #chooser() {
    let letter = null;
    const element = h("input", {
      type: "checkbox",
      on: {
        change: () => {
          this.#chosen[element.checked ? "add" : "delete"](letter.id);
          this.#draw();
        },
      },
    });
    return {
      element,
      update: (next) => {
        letter = next;
        element.checked = this.#chosen.has(next.id);
        element.setAttribute("aria-label", `Choose dead letter ${next.id}`);
      },
    };
  }

  #viewer() {
    let letter = null;
    const element = button("View", { class: "button small" }, () =>
      attempt(element, "Not shown", async () => {
        view(await get(`/api/dead-letters/${encodeURIComponent(letter.id)}`));
      }),
    );
    return {
      element,
      update: (next) => {
        letter = next;
        element.setAttribute("aria-label", `View dead letter ${next.id}`);
      },
    };
  }

  /** Those that are chosen, or else all there are. */
  #selection() {
    return this.#chosen.size ? { ids: [...this.#chosen] } : { all: true };
  }

  #amount() {
    const chosen = this.#chosen.size;
    if (chosen === 0) {
      return "all dead letters";
    }
    return chosen === 1 ? "1 dead letter" : `${chosen} dead letters`;
  }

  async #replayChosen() {
    const sure = await ask({
      title: `Replay ${this.#amount()}?`,
      text: "Workers get these actions once more. Letters that are handled this time are gone.",
      yes: "Replay",
    });
    if (sure) {
      await this.#try(this.#replay, "Not replayed", async () => {
        const replayed = await post("/api/dead-letters/replay", this.#selection());
        note(replaySummary(replayed), replayed.replayed ? "good" : "bad");
        await this.#load();
      });
    }
  }

  async #purgeChosen() {
    const sure = await ask({
      title: `Purge ${this.#amount()}?`,
      text: "They are thrown away for good. This cannot be undone.",
      yes: "Purge",
      danger: true,
    });
    if (sure) {
      await this.#try(this.#purge, "Not purged", async () => {
        const { purged } = await post("/api/dead-letters/purge", this.#selection());
        note(purged === 1 ? "1 dead letter is gone." : `${count(purged)} dead letters are gone.`);
        await this.#load();
      });
    }
  }
}

function notKept() {
  return "Dead letters are only logged here. Set deadLetters.store to keep them.";
}

function summary(shown, chosen, more) {
  if (chosen) {
    return `${chosen} of ${shown} chosen`;
  }
  return shown === 0 ? "\u00a0" : `${shown}${more ? " and more" : ""}, the oldest first`;
}

function replaySummary(replayed) {
  const parts = [`${replayed.replayed} handled`];
  const others = {
    given_up_again: "given up again",
    undecodable: "still no actions",
    unfinished: "not finished in time",
  };
  for (const [name, text] of Object.entries(others)) {
    if (replayed[name]) {
      parts.push(`${replayed[name]} ${text}`);
    }
  }
  return `Replay: ${parts.join(", ")}.`;
}

function view(letter) {
  const facts = {
    Reason: words(letter.reason),
    Error: letter.error,
    Action: letter.action_name ? `${letter.action_name}, id ${letter.action_id}` : "no action",
    Happened: letter.timestamp && moment(letter.timestamp),
    "Given up": moment(letter.stored_at),
    Source: letter.origin ? `${letter.source}, ${letter.origin}` : letter.source,
    Tries: `${letter.nacks} nacks, ${letter.deaths} lost or expired`,
    "Secret data": letter.has_secret_data ? "there is some, never shown" : null,
    Attributes: letter.attributes && attributes(letter.attributes),
  };
  const list = Object.entries(facts)
    .filter(([, text]) => text)
    .map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text)));
  tell(
    `Dead letter ${letter.id}`,
    h("dl", { class: "facts" }, ...list),
    h("h3", {}, payloadTitle(letter)),
    h("pre", { tabindex: "0", class: "payload" }, payload(letter)),
  );
}

function attributes(pairs) {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

function payloadTitle(letter) {
  const form = letter.data_base64 === undefined ? "" : " (Base64)";
  return `Payload, ${bytes(letter.bytes)}${form}`;
}

function payload(letter) {
  if (letter.data !== undefined) {
    return JSON.stringify(letter.data, null, 2);
  }
  return letter.data_base64 ?? "Too large to be shown.";
}
