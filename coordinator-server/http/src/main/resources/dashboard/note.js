import { button, h } from "./dom.js";

const GOOD_MILLIS = 5_000;
const BAD_MILLIS = 12_000;

/** Says in the corner how something went. */
export function note(text, kind = "good") {
  const close = button("×", { class: "button quiet", "aria-label": "Dismiss" }, () => line.remove());
  const line = h("div", { class: `note ${kind}` }, h("p", {}, text), close);
  document.getElementById("notes").append(line);
  setTimeout(() => line.remove(), kind === "good" ? GOOD_MILLIS : BAD_MILLIS);
}

/** Runs something with its button off, and notes what went wrong. */
export async function attempt(control, what, action) {
  control.setAttribute("aria-busy", "true");
  control.disabled = true;
  try {
    await action();
  } catch (problem) {
    note(`${what}: ${problem.message}`, "bad");
  } finally {
    control.disabled = false;
    control.removeAttribute("aria-busy");
  }
}
