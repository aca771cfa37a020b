import { Problem, post } from "../api.js";
import { tell } from "../dialog.js";
import { button, h } from "../dom.js";
import { attempt, note } from "../note.js";

const REFUSED = 400;

/**
 * Has the configuration read again, and tells what came of it.
 *
 * @param done is called when something may have changed
 */
export function reload(done) {
  const control = button("Reload configuration", { class: "button", "data-needs": "operator" }, () =>
    attempt(control, "Not reloaded", async () => {
      try {
        report(await post("/api/collectors/reload"));
      } catch (problem) {
        if (!(problem instanceof Problem) || problem.status !== REFUSED) {
          throw problem;
        }
        refuse(problem);
      }
      done();
    }),
  );
  return control;
}

function report(told) {
  const text = summary(told);
  const parts = [
    ...lines("After a restart of the coordinator", told.need_restart),
    ...lines("Warnings", told.warnings),
  ];
  if (parts.length) {
    tell("Reloaded", h("p", {}, text), ...parts);
  } else {
    note(text);
  }
}

function refuse({ message, mistakes }) {
  tell("Not reloaded", h("p", {}, sentence(message)), ...lines("Mistakes", mistakes));
}

function summary(told) {
  const parts = ["started", "stopped", "restarted"]
    .filter((what) => told[what].length)
    .map((what) => `${what} ${told[what].join(", ")}`);
  const same = told.unchanged.length;
  parts.push(parts.length ? `${same} unchanged` : `nothing differs, ${same} unchanged`);
  return sentence(parts.join("; "));
}

function lines(title, texts = []) {
  return texts.length
    ? [
        h("h3", {}, title),
        h("pre", { tabindex: "0", class: "payload" }, texts.join("\n")),
      ]
    : [];
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
