import { h, setClass } from "../dom.js";
import { UNKNOWN, age, exact } from "../format.js";
import { table, tag } from "../table.js";
import { workerKind } from "./replica-set-state.js";

/** The workers of a replica set, each with the slots that it has. */
export function workerTable() {
  let all = 0;
  const workers = table({
    label: "Workers",
    key: ({ name }) => name,
    empty: [h("p", {}, "No worker: nobody handles events. They wait until one joins.")],
    columns: [
      { head: "Worker", kind: "wide", text: ({ name }) => name, title: ({ name }) => name },
      { head: "State", make: () => tag(({ state }) => state, ({ state }) => workerKind(state)) },
      {
        head: "Partition",
        kind: "number",
        text: ({ partition }) => (partition === undefined ? UNKNOWN : exact(partition)),
      },
      { head: "Slots", make: () => strip(() => all) },
      { head: "Heard of", kind: "number", text: ({ silent_seconds: time }) => `${age(time)} ago` },
    ],
  });
  return {
    element: workers.element,
    update: (items, slots) => {
      all = slots;
      workers.update(items);
    },
  };
}

/** All slots in a row, those of the worker filled. */
function strip(number) {
  const element = h("span", { role: "img" });
  return {
    element,
    update: ({ slots, state }) => {
      const own = new Set(slots);
      while (element.childElementCount < number()) {
        element.append(h("i"));
      }
      [...element.children].forEach((cell, slot) => setClass(cell, own.has(slot) ? "own" : ""));
      setClass(element, `slots ${workerKind(state)}`);
      element.setAttribute("aria-label", `${own.size} of ${number()} slots`);
      element.title = own.size ? `Slots ${slots.join(", ")}` : "No slots";
    },
  };
}
