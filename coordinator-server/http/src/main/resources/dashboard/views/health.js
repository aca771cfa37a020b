import { checkList } from "../checks.js";
import { card, h, keyed, setText } from "../dom.js";
import { exact, moment, words } from "../format.js";

/** The checks, and everything that is counted. */
export function health() {
  const checks = checkList();
  const since = h("p", { class: "lead" }, "\u00a0");
  const counts = h("dl", { class: "counts" });
  const rows = keyed(counts, ([name]) => name, count);
  return {
    element: h(
      "div",
      { class: "view beside" },
      card("Health checks", checks.element),
      card("Counted", since, counts),
    ),
    update: (picture) => {
      checks.update(picture.checks);
      setText(since, `Since the start, ${moment(picture.started_at)}`);
      rows(Object.entries(picture.queue.counts));
    },
  };
}

function count([name]) {
  const value = h("dd", {}, "–");
  return {
    element: h("div", {}, h("dt", {}, words(name)), value),
    update: ([, number]) => setText(value, exact(number)),
  };
}
