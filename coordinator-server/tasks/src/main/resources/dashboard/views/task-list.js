import { button, card, h, setText, setTitle } from "../dom.js";
import { age, duration, moment } from "../format.js";
import { Pages } from "../pages.js";
import { table, tag } from "../table.js";
import { STATUSES, hasEnded, progress, statusKind, statusText, taken } from "./task-status.js";

const PAGE = 25;
const QUIET_MILLIS = 300;

/** Tasks, the newest first: a page of those that have a status and a name. */
export class TaskList {
  #status = "";
  #name = "";
  #now = Date.now();
  #typing = null;

  #choices = ["", ...STATUSES].map((status) => this.#choice(status));
  #search = h("input", {
    type: "search",
    placeholder: "Exact name",
    "aria-label": "Only tasks of this name",
    autocomplete: "off",
    spellcheck: "false",
    on: { input: () => this.#typed() },
  });
  #told = h("p", { class: "lead", role: "status" }, "\u00a0");
  #pages = new Pages({
    before: "Newer",
    after: "Older",
    draw: (tasks) => this.#draw(tasks),
    failed: ({ message }) => setText(this.#told, `Not refreshed: ${message}`),
  });
  #table = table({
    label: "Tasks",
    key: ({ task_id: id }) => id,
    empty: [h("p", {}, "There is no such task. One that is sent shows up here.")],
    columns: [
      { head: "Status", make: () => tag(statusText, statusKind) },
      { head: "Task", kind: "wide", make: name },
      { head: "Progress", make: progress },
      {
        head: "Age",
        kind: "number",
        text: (task) => age((this.#now - Date.parse(task.created_at)) / 1000),
        title: (task) => moment(task.created_at),
      },
      { head: "Took", kind: "number", text: (task) => this.#took(task) },
    ],
  });

  element = card(
    "Tasks",
    h(
      "div",
      { class: "toolbar" },
      h("div", { class: "choices", role: "group", "aria-label": "Only tasks of this status" }, ...this.#choices),
      this.#search,
    ),
    this.#told,
    this.#table.element,
    this.#pages.element,
  );

  constructor() {
    this.#filter();
  }

  /** Time has passed. */
  turn(now) {
    this.#now = now;
    this.#pages.turn();
  }

  refresh() {
    return this.#pages.refresh();
  }

  #draw(tasks) {
    this.#table.update(tasks);
    const { number } = this.#pages;
    setText(this.#told, number > 1 ? `Page ${number}` : "The newest first");
  }

  #choice(status) {
    const text = status ? statusText({ status }) : "all";
    return button(text, { class: "button choice", "data-status": status }, () => {
      this.#status = status;
      this.#filter();
      this.refresh();
    });
  }

  #typed() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.#name = this.#search.value.trim();
      this.#filter();
      this.refresh();
    }, QUIET_MILLIS);
  }

  #filter() {
    const query = new URLSearchParams({ limit: PAGE });
    if (this.#status) {
      query.set("status", this.#status);
    }
    if (this.#name) {
      query.set("task_name", this.#name);
    }
    this.#pages.begin(`/api/tasks?${query}`);
    for (const choice of this.#choices) {
      choice.setAttribute("aria-pressed", String(choice.dataset.status === this.#status));
    }
  }

  #took(task) {
    const seconds = taken(task, this.#now);
    return hasEnded(task) ? duration(seconds) : `${age(seconds)} …`;
  }
}

/** The way to the task, and its first error below. */
function name() {
  const link = h("a", {});
  const error = h("small", { class: "error" });
  return {
    element: h("div", { class: "lines" }, link, error),
    update: (task) => {
      setText(link, task.task_name);
      setTitle(link, task.task_description);
      link.href = `#tasks/${encodeURIComponent(task.task_id)}`;
      setText(error, task.error_message ?? "");
      setTitle(error, task.error_message ?? "");
      error.hidden = task.error_message === null;
    },
  };
}
