import { button, h, setText } from "../dom.js";

let made = 0;

/** A control under its label, with room for what is wrong with it. */
export function field(name, label, control) {
  const id = `stream-${name.replaceAll("_", "-")}-${++made}`;
  const error = h("p", { class: "error", id: `${id}-error` });
  error.hidden = true;
  control.id = id;
  control.setAttribute("name", name);
  return {
    name,
    control,
    element: h("div", { class: "field" }, h("label", { for: id }, label), control, error),
    get value() {
      return control.value.trim();
    },
    /** Says what is wrong; nothing is, when `text` is empty. */
    fail: (text) => {
      setText(error, text);
      error.hidden = text === "";
      if (text) {
        control.setAttribute("aria-invalid", "true");
        control.setAttribute("aria-describedby", error.id);
      } else {
        control.removeAttribute("aria-invalid");
        control.removeAttribute("aria-describedby");
      }
    },
  };
}

export function input(value = "", attributes = {}) {
  const control = h("input", { autocomplete: "off", spellcheck: "false", ...attributes });
  control.value = value;
  return control;
}

export function select(choices) {
  return h("select", {}, ...choices.map(([value, text]) => h("option", { value }, text)));
}

/** The fields of one scene, and its action folded below. */
export function sceneFields([name, millis], remove) {
  const fields = {
    name: field("name", "Scene", input(name)),
    duration_ms: field("duration_ms", "Milliseconds", input(millis, { inputmode: "numeric" })),
    action_name: field("action_name", "Action offered when it begins", input()),
    data: field("data", "Its data, a JSON object", input("", { placeholder: "{}" })),
  };
  const drop = button("×", { class: "button quiet", "aria-label": "Remove this scene" }, () => remove());
  const action = h(
    "details",
    {},
    h("summary", {}, "Action"),
    fields.action_name.element,
    fields.data.element,
  );
  return {
    fields,
    element: h(
      "fieldset",
      { class: "scene-fields" },
      fields.name.element,
      fields.duration_ms.element,
      drop,
      action,
    ),
    /** A text of JSON: the data goes as it was typed, because parsing would round large numbers. */
    json: () => {
      const scene = JSON.stringify({
        name: fields.name.value,
        duration_ms: number(fields.duration_ms),
        action_name: fields.action_name.value || undefined,
      });
      return fields.data.value ? `${scene.slice(0, -1)},"data":${fields.data.value}}` : scene;
    },
  };
}

/** Nothing when nothing was typed: then the coordinator says what is missing, or takes its own. */
export function number({ value }) {
  return value === "" ? undefined : Number(value);
}

/** What is wrong with a text that must be a whole number, if there is one; empty when nothing is. */
export function numberError(text) {
  return /^[0-9]{0,15}$/.test(text) ? "" : "Want a whole number of milliseconds, such as 3000.";
}

/** What is wrong with a text that must be a JSON object; empty when nothing is. */
export function objectError(text) {
  try {
    const value = JSON.parse(text || "{}");
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? "" : 'Want a JSON object, such as {"camera": 2}.';
  } catch (error) {
    return `This is no JSON: ${error.message}`;
  }
}
