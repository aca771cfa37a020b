import { post } from "../api.js";
import { button, card, h, needs } from "../dom.js";
import { note } from "../note.js";
import { field, input, number, numberError, objectError, sceneFields, select } from "./stream-fields.js";

const EXAMPLE = [
  ["Intro", "3000"],
  ["Main", "10000"],
  ["Outro", "2000"],
];
/** A path of the request, such as scenes[2].name or config.scenes[2].name, before what is wrong there. */
const PLACE = /^(?:config\.)?(?:scenes\[(\d+)\]\.?)?(\w*)(?:: | (?=must ))/;

/** Creates a stream, and goes to see it. */
export function streamForm() {
  return new StreamForm();
}

class StreamForm {
  #scenes = [];
  #list = h("div", { class: "scenes" });
  #loops = h("input", { type: "checkbox", id: "stream-loops" });
  #options = [
    field("tick_interval_ms", "Update every … milliseconds", input("100", { inputmode: "numeric" })),
    field("grace_period_ms", "Goes on after the last watcher for … milliseconds", numeric("the setting")),
    field("on_empty", "Without watchers", select([
      ["pause", "keeps its position"],
      ["restart", "begins anew with the next"],
    ])),
    field("missed_scenes", "Actions of scenes that an outage hid", select([
      ["skip", "are left out"],
      ["fire_last", "only that of the current scene"],
    ])),
    field("stream_id", "Id", input("", { placeholder: "made for you" })),
  ];
  #create = h("button", { type: "submit", class: "button primary" }, "Create");
  #answer = h("output", { class: "answer" });
  #form = h(
    "form",
    { class: "send stream-form", novalidate: true, on: { submit: (event) => this.#submit(event) } },
    this.#list,
    button("Add a scene", { class: "button small add" }, () =>
      this.#add(["", "1000"]).fields.name.control.focus(),
    ),
    h("label", { class: "loops", for: "stream-loops" }, this.#loops, " After the last scene comes the first"),
    h("details", {}, h("summary", {}, "Options"), ...this.#options.map(({ element }) => element)),
    h("div", { class: "buttons" }, this.#create, h("small", {}, "runs once somebody watches")),
    this.#answer,
  );

  element = needs("operator", card("Create a stream", this.#form));

  constructor() {
    EXAMPLE.forEach((scene) => this.#add(scene));
    this.#answer.hidden = true;
  }

  #add(values) {
    const scene = sceneFields(values, () => {
      this.#scenes = this.#scenes.filter((each) => each !== scene);
      scene.element.remove();
      this.#name();
    });
    this.#scenes.push(scene);
    this.#list.append(scene.element);
    this.#name();
    return scene;
  }

  #name() {
    this.#scenes.forEach(({ element }, i) => element.setAttribute("aria-label", `Scene ${i + 1}`));
  }

  async #submit(event) {
    event.preventDefault();
    this.#clear();
    if (!this.#check()) {
      return;
    }
    this.#create.disabled = true;
    try {
      const { stream_id: id, message } = await post("/streams", this.#body());
      note(`${id}: ${message}`);
      location.hash = `streams/${encodeURIComponent(id)}`;
    } catch (problem) {
      this.#tell(problem);
    } finally {
      this.#create.disabled = false;
    }
  }

  /** Only what would break the request itself: the coordinator says best what else is wrong. */
  #check() {
    const numbers = [...this.#scenes.map(({ fields }) => fields.duration_ms), ...this.#options];
    const checked = [
      ...numbers.filter(({ name }) => name.endsWith("_ms")).map((each) => [each, numberError(each.value)]),
      ...this.#scenes.map(({ fields }) => [fields.data, objectError(fields.data.value)]),
    ];
    checked.forEach(([each, error]) => this.#fail(each, error));
    return checked.every(([, error]) => error === "");
  }

  #body() {
    const options = { loop_scenes: this.#loops.checked };
    for (const option of this.#options) {
      options[option.name] = option.name.endsWith("_ms") ? number(option) : option.value || undefined;
    }
    const scenes = this.#scenes.map((scene) => scene.json()).join(",");
    return `{"scenes":[${scenes}],${JSON.stringify(options).slice(1)}`;
  }

  /** Beside the field that the problem names, or below the form. */
  #tell(problem) {
    const [place, scene, name] = PLACE.exec(problem.message) ?? [];
    const row = scene === undefined ? null : this.#scenes[Number(scene)];
    const wrong = row
      ? (row.fields[name] ?? row.fields.name)
      : this.#options.find((each) => each.name === name);
    if (wrong) {
      this.#fail(wrong, problem.message.slice(place.length));
      return;
    }
    const title = problem.status ? `${problem.status} ${problem.title}` : problem.title;
    this.#answer.hidden = false;
    this.#answer.replaceChildren(
      h("p", {}, h("span", { class: "tag bad" }, title)),
      h("p", {}, problem.message),
    );
  }

  #fail(wrong, text) {
    wrong.fail(text);
    if (text) {
      wrong.element.closest("details")?.setAttribute("open", "");
      wrong.control.focus();
    }
  }

  #clear() {
    this.#answer.hidden = true;
    this.#options.forEach((option) => option.fail(""));
    this.#scenes.forEach(({ fields }) => Object.values(fields).forEach((each) => each.fail("")));
  }
}

function numeric(placeholder) {
  return input("", { inputmode: "numeric", placeholder });
}
