import { getPage } from "../api.js";
import { button, card, h, setText, setTitle } from "../dom.js";
import { age, duration, moment } from "../format.js";
import { table, tag } from "../table.js";
import { STATUSES, hasEnded, progress, statusKind, statusText, taken } from "./task-status.js";

const PAGE = 25;
const QUIET_MILLIS = 300;

/** Tasks, the newest first: a page of those that have a status and a name. */
export class TaskList {
  #status = "";
  #name = "";
  /** The paths of this page and of those before it. */
  #pages = [];
  #next = null;
  #asking = 0;
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
  #newer = button("Newer", {}, () => this.#turnTo(this.#pages.slice(0, -1)));
  #older = button("Older", {}, () => this.#turnTo([...this.#pages, this.#next]));
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
    h("div", { class: "buttons pages" }, this.#newer, this.#older),
  );

  constructor() {
    this.#filter();
  }

  /** Time has passed. */
  turn(now) {
    this.#now = now;
    if (this.#asking === 0) {
      this.refresh();
    }
  }

  /** Answers that come when something else is wanted are dropped. */
  async refresh() {
    const path = this.#pages.at(-1);
    this.#asking++;
    try {
      const page = await getPage(path);
      if (path === this.#pages.at(-1)) {
        this.#draw(page);
      }
    } catch (problem) {
      setText(this.#told, `Not refreshed: ${problem.message}`);
    } finally {
      this.#asking--;
    }
  }

  #draw({ items, next }) {
    this.#next = next;
    this.#table.update(items);
    setText(this.#told, this.#pages.length > 1 ? `Page ${this.#pages.length}` : "The newest first");
    this.#newer.disabled = this.#pages.length === 1;
    this.#older.disabled = next === null;
  }

  #turnTo(pages) {
    this.#pages = pages;
    this.refresh();
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
    this.#pages = [`/api/tasks?${query}`];
    this.#newer.disabled = true;
    this.#older.disabled = true;
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
