import { post } from "../api.js";
import { ask } from "../dialog.js";
import { button, h, setText } from "../dom.js";
import { count, duration } from "../format.js";
import { attempt, note } from "../note.js";
import { tag } from "../table.js";
import { StreamClock } from "./stream-clock.js";
import { timeline } from "./stream-timeline.js";
import { StreamWatch } from "./stream-watch.js";

const KINDS = { running: "good", paused: "warn", error: "bad", finished: "sync" };

/** In which modes a verb has a use; the coordinator has the last word. */
const MODES = {
  start: ["finished", "stopped", "error"],
  pause: ["running"],
  resume: ["paused"],
  skip: ["running", "paused", "idle"],
  stop: ["idle", "running", "paused", "error"],
};
const SCENES = ["idle", "running", "paused"];

/** One stream: how it stands, its timeline, and what can be done with it. */
export class StreamRow {
  #id;
  #path;
  #clock = new StreamClock();
  #stream = null;

  #mode = tag(({ mode }) => mode, ({ mode }) => KINDS[mode] ?? "");
  #scene = h("span", { class: "scene" });
  #facts = h("span", { class: "detail" });
  #watch;
  #timeline = timeline((scene) => this.#force(scene));
  #buttons = new Map(Object.keys(MODES).map((verb) => [verb, this.#button(verb)]));

  element;

  /**
   * @param link whether its name leads to it alone
   */
  constructor({ stream_id: id }, link) {
    this.#id = id;
    this.#path = `/streams/${encodeURIComponent(id)}`;
    this.#watch = new StreamWatch(id, (state) => this.#take(state));
    const name = link ? h("a", { href: `#streams/${encodeURIComponent(id)}` }, id) : id;
    this.element = h(
      "li",
      { class: "stream", "data-stream": id },
      h("p", { class: "name" }, h("span", {}, name), this.#mode.element, this.#scene),
      this.#timeline.element,
      this.#facts,
      h(
        "div",
        { class: "steer", role: "group", "aria-label": `Steer ${id}` },
        ...this.#buttons.values(),
        this.#watch.toggle,
      ),
      this.#watch.told,
    );
  }

  /** As a list has it. */
  update(stream) {
    this.#stream = stream;
    this.#clock.configure(stream.config ?? {});
    this.#watch.turn(performance.now());
    this.#take(stream.state);
  }

  /** Time has passed. */
  draw(now) {
    const { state, scenes } = this.#clock;
    const at = this.#clock.at(now);
    this.#timeline.draw(at, state.mode);
    const shown = at && SCENES.includes(state.mode);
    setText(this.#scene, shown ? `${scenes[at.index].name} · ${left(at.left)}` : "");
  }

  /** Nobody looks any more. */
  leave() {
    this.#watch.leave();
  }

  #take(state) {
    this.#clock.take(state, performance.now());
    const { mode } = this.#clock.state;
    this.#mode.update(this.#clock.state);
    setText(this.#facts, facts(this.#stream, this.#clock.state));
    this.#timeline.update(this.#id, this.#clock.scenes, SCENES.includes(mode));
    for (const [verb, control] of this.#buttons) {
      control.disabled = control.hasAttribute("aria-busy") || !MODES[verb].includes(mode);
    }
    this.draw(performance.now());
  }

  #button(verb) {
    const text = verb[0].toUpperCase() + verb.slice(1);
    const kind = verb === "stop" ? "button small danger" : "button small";
    return button(text, { class: kind, "data-verb": verb, "data-needs": "operator" }, (event) =>
      this.#steer(event.currentTarget, verb),
    );
  }

  async #steer(control, verb) {
    if (verb === "stop" && !(await ask(stopping(this.#stream)))) {
      return;
    }
    await this.#order(control, `${this.#id}: no ${verb}`, verb);
  }

  async #force(scene) {
    const running = this.#clock.state.mode === "running";
    if (running && !(await ask(going(this.#stream, scene)))) {
      return;
    }
    const path = `scene/${encodeURIComponent(scene.name)}`;
    await this.#order(this.#timeline.element, `${this.#id}: not at ${scene.name}`, path);
  }

  async #order(control, what, path) {
    await attempt(control, what, async () => {
      const { message, state } = await post(`${this.#path}/${path}`);
      note(`${this.#id}: ${message}`);
      if (state) {
        this.#take(state);
      }
    });
    this.#take(this.#clock.state);
  }
}

function stopping({ stream_id: id, subscribers }) {
  return {
    title: `Stop ${id}?`,
    text:
      `${watchers(subscribers)} told that it has stopped. ` +
      "Only a start or another configuration revives it.",
    yes: "Stop",
    danger: true,
  };
}

function going({ stream_id: id, subscribers }, { name }) {
  return {
    title: `Go to ${name}?`,
    text:
      `${id} is running: its scene is cut short, ` +
      `and ${watchers(subscribers)} shown ${name} at once.`,
    yes: "Go there",
  };
}

function watchers({ total = 0 } = {}) {
  return total === 1 ? "1 watcher is" : `${count(total)} watchers are`;
}

/** What does not change from one frame to the next. */
function facts({ subscribers: seen = {}, config = {}, instance }, state) {
  const scenes = config.scenes?.length ?? 0;
  const tick = `tick ${count(config.tick_interval_ms ?? 100)} ms`;
  const parts = [
    `${count(seen.total ?? 0)} watching: ${count(seen.active ?? 0)} active, ` +
      `${count(seen.stale ?? 0)} stale, ${count(seen.unique_clients ?? 0)} unique`,
    scenes === 0 ? "no scenes" : `${count(scenes)} ${scenes === 1 ? "scene" : "scenes"}, ${tick}`,
  ];
  if (config.loop_scenes) {
    parts.push(`loop ${count(state.loop ?? 0)}`);
  }
  if (state.stream_timecode) {
    parts.push(`timecode ${state.stream_timecode}`);
  }
  if (instance) {
    parts.push(`on ${instance}`);
  }
  return parts.join(" · ");
}

/** With one digit that moves: 4.2 s. */
function left(millis) {
  const seconds = Math.max(0, millis) / 1000;
  return seconds < 100 ? `${seconds.toFixed(1)} s left` : `${duration(seconds)} left`;
}
