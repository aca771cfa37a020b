import { tell } from "../dialog.js";
import { button, h, setClass, setText, setTitle } from "../dom.js";
import { count, duration } from "../format.js";

/** So many scenes have room for a segment each. */
const SEGMENTS = 40;

/**
 * The scenes as segments as long as their time, with what is over filled in. A segment is a button:
 * `choose(scene)` is called with the one that was chosen.
 */
export function timeline(choose) {
  const element = h("div", { class: "timeline", role: "group", on: { keydown: walk } });
  let key = null;
  let drawn = null;

  function build(id, scenes) {
    element.setAttribute("aria-label", `Scenes of ${id}`);
    drawn = scenes.length > SEGMENTS ? overall(scenes, choose) : each(scenes, choose);
    element.replaceChildren(...drawn.elements);
    element.hidden = scenes.length === 0;
  }

  /** One stop for the tab key, however many scenes there are. */
  function walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = step && drawn.elements[drawn.elements.indexOf(event.target) + step];
    if (next) {
      event.preventDefault();
      drawn.elements.forEach((other) => (other.tabIndex = other === next ? 0 : -1));
      next.focus();
    }
  }

  return {
    element,
    /** The scenes, and whether one may be chosen; elements stay as long as the scenes do. */
    update: (id, scenes, open) => {
      const next = scenes.map(({ name, duration_ms: millis }) => `${millis} ${name}`).join("\n");
      if (next !== key) {
        key = next;
        build(id, scenes);
      }
      drawn.elements.forEach((segment) => (segment.disabled = !open));
    },
    /** Where it stands, as the clock tells, and whether it goes on. */
    draw: (at, mode) => {
      setClass(element, `timeline ${mode}`);
      if (at) {
        drawn.draw(at);
      }
    },
  };
}

function each(scenes, choose) {
  const parts = scenes.map((scene, i) => {
    const fill = h("i", {});
    const length = duration(scene.duration_ms / 1000);
    const segment = button("", { class: "button segment", tabindex: i ? "-1" : "0" }, () => choose(scene));
    segment.append(h("span", {}, scene.name), fill);
    segment.style.flexGrow = scene.duration_ms;
    segment.setAttribute("aria-label", `Go to scene ${scene.name}, ${length}`);
    setTitle(segment, `${scene.name} · ${length}`);
    return { segment, fill };
  });
  let current = -1;
  return {
    elements: parts.map(({ segment }) => segment),
    draw: ({ index, part }) => {
      if (index !== current) {
        current = index;
        parts.forEach(({ segment, fill }, i) => {
          setClass(segment, `button segment ${i < index ? "past" : ""}${i === index ? "current" : ""}`);
          segment.toggleAttribute("aria-current", i === index);
          move(fill, i < index ? 1 : 0);
        });
      }
      move(parts[index].fill, part);
    },
  };
}

/** Too many for a segment each: one bar of all, behind it a list to choose from. */
function overall(scenes, choose) {
  const fill = h("i", {});
  const label = h("span", {});
  const segment = button("", { class: "button segment current" }, () => choice(scenes, choose));
  segment.append(label, fill);
  segment.style.flexGrow = 1;
  const starts = [0];
  scenes.forEach(({ duration_ms: millis }, i) => starts.push(starts[i] + millis));
  return {
    elements: [segment],
    draw: ({ index, left }) => {
      setText(label, `${scenes[index].name}, scene ${count(index + 1)} of ${count(scenes.length)}`);
      move(fill, (starts[index + 1] - left) / starts.at(-1));
    },
  };
}

function choice(scenes, choose) {
  const list = scenes.map((scene, i) =>
    h(
      "li",
      {},
      button(`${i + 1}. ${scene.name}`, { class: "button small" }, (event) => {
        event.currentTarget.closest("dialog").close();
        choose(scene);
      }),
      h("small", {}, duration(scene.duration_ms / 1000)),
    ),
  );
  tell("Go to which scene?", h("ul", { class: "list payload" }, ...list));
}

function move(fill, part) {
  fill.style.transform = `translateX(${(part - 1) * 100}%)`;
}
