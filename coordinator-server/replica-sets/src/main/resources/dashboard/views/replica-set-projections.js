import { post } from "../api.js";
import { ask } from "../dialog.js";
import { button, h, setText } from "../dom.js";
import { count, exact } from "../format.js";
import { attempt, note } from "../note.js";
import { table } from "../table.js";

/**
 * The projections of a replica set.
 *
 * @param path of the replica set
 * @param changed is given the replica set after a reset
 * @param opened is given the projection whose parked events somebody wants to see
 */
export function projectionTable({ path, changed, opened }) {
  let last = 0;
  const projections = table({
    label: "Projections",
    key: ({ name }) => name,
    empty: [h("p", {}, "No projection: these workers share other work, or have run none yet.")],
    columns: [
      { head: "Projection", kind: "wide", text: ({ name }) => name },
      {
        head: "Position",
        kind: "number",
        text: ({ position }) => exact(position),
        title: ({ furthest }) => `its fastest slot is at ${exact(furthest)}`,
      },
      { head: "Lag", kind: "number", text: ({ lag }) => count(lag), title: ({ lag }) => exact(lag) },
      { head: "Parked", kind: "number", make: () => parked(opened) },
      { head: "", kind: "action", make: () => reset(path, () => last, changed) },
    ],
  });
  return {
    element: projections.element,
    update: (items, lastPosition) => {
      last = lastPosition;
      projections.update(items);
    },
  };
}

function parked(opened) {
  let projection = null;
  const none = h("span", {}, "0");
  const some = button("", { class: "button small", "data-verb": "parked" }, () => opened(projection));
  return {
    element: h("span", {}, none, some),
    update: (next) => {
      projection = next;
      none.hidden = next.parked > 0;
      some.hidden = next.parked === 0;
      setText(some, `Show ${count(next.parked)}`);
      some.setAttribute("aria-label", `Show what ${next.name} has parked`);
    },
  };
}

function reset(path, last, changed) {
  let projection = null;
  const control = button("Reset", { class: "button small danger", "data-verb": "reset", "data-needs": "operator" }, async () => {
    const { name } = projection;
    const position = h("input", { type: "number", id: "position", min: 0, max: last(), value: 0 });
    const label = h("label", { class: "loops", for: "position" }, "Begin behind position ", position);
    if (!(await ask(resetting(name, label)))) {
      return;
    }
    await attempt(control, `${name}: no reset`, async () => {
      const body = { position: position.value === "" ? null : Number(position.value) };
      changed(await post(`${path}/projections/${encodeURIComponent(name)}/reset`, body));
      note(`${name} begins behind position ${exact(body.position)}.`);
    });
  });
  return {
    element: h("span", { class: "buttons" }, control),
    update: (next) => {
      projection = next;
      control.setAttribute("aria-label", `Reset ${next.name}`);
    },
  };
}

function resetting(name, label) {
  return {
    title: `Reset ${name}?`,
    text:
      "All workers of the replica set stop and start. Later events are handled again, and what is " +
      "parked is forgotten. What the handler wrote stays.",
    content: [label],
    yes: "Reset",
    danger: true,
  };
}
