import { card, h, needs } from "../dom.js";
import { duration, time, words } from "../format.js";
import { sendForm } from "../send.js";
import { table, tag } from "../table.js";

const GOOD = new Set(["acked"]);
const BAD = new Set(["dead_lettered", "rejected"]);

/** Send one, and see those that ended last. */
export function actions() {
  const form = sendForm();
  const recent = table({
    label: "Recent actions",
    key: ({ id, outcome }) => `${id} ${outcome}`,
    empty: [h("p", {}, "No action has ended yet. Send one, and it shows up here.")],
    columns: [
      { head: "Ended", text: (action) => time(action.ended_at) },
      { head: "Action", text: ({ name }) => name },
      { head: "Id", text: ({ id }) => id },
      { head: "Source", text: ({ source }) => source },
      { head: "Lane", make: () => tag(({ lane }) => lane, ({ lane }) => lane) },
      { head: "Outcome", make: () => tag(({ outcome }) => words(outcome), kindOf) },
      { head: "Took", kind: "number", text: (action) => duration(action.seconds) },
    ],
  });
  return {
    element: h(
      "div",
      { class: "view beside" },
      needs("submitter", card("Send an action", form.element)),
      card("Ended last", recent.element),
    ),
    update: ({ recent: ended }) => {
      recent.update(ended);
      form.suggest(ended.map(({ name }) => name));
    },
  };
}

function kindOf({ outcome }) {
  if (GOOD.has(outcome)) {
    return "good";
  }
  return BAD.has(outcome) ? "bad" : "warn";
}
