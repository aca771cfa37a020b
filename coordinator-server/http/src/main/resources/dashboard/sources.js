import { post } from "./api.js";
import { button, h, keyed, setClass, setText } from "./dom.js";
import { attempt, note } from "./note.js";

/** The sources, how they are, and a button that pauses or resumes each. */
export function sources() {
  const list = h("ul", { class: "list" });
  const nothing = h(
    "p",
    { class: "empty" },
    "No source is configured, only callers send actions. Start with ",
    h("code", {}, "OSPREY_COORDINATOR_CONSUMER_TYPE=kafka"),
    " to read from one.",
  );
  const rows = keyed(list, ({ name }) => name, row);
  return {
    element: h("div", {}, list, nothing),
    update: (items) => {
      rows(items);
      list.hidden = items.length === 0;
      nothing.hidden = items.length > 0;
    },
  };
}

function row(source) {
  let paused = source.paused;
  const dot = h("i", { class: "dot" });
  const state = h("span", { class: "tag" });
  const detail = h("span", { class: "detail" });
  const steer = button("", { class: "button", "data-needs": "operator" }, () => {
    const verb = paused ? "resume" : "pause";
    attempt(steer, `${source.name} is not ${verb}d`, async () => {
      draw(await post(`/api/sources/${encodeURIComponent(source.name)}/${verb}`));
      note(verb === "pause" ? `${source.name} is paused.` : `${source.name} goes on.`);
    });
  });
  const draw = (now) => {
    paused = now.paused;
    setClass(dot, `dot ${now.healthy ? "good" : "bad"}`);
    setText(state, now.paused ? "paused" : now.healthy ? "reading" : "failing");
    setClass(state, `tag ${now.paused ? "warn" : now.healthy ? "good" : "bad"}`);
    setText(detail, now.detail);
    setText(steer, now.paused ? "Resume" : "Pause");
    steer.setAttribute("aria-label", `${now.paused ? "Resume" : "Pause"} ${now.name}`);
  };
  return {
    element: h(
      "li",
      {},
      dot,
      h("div", {}, h("p", { class: "name" }, source.name, " ", state), detail),
      steer,
    ),
    update: draw,
  };
}
