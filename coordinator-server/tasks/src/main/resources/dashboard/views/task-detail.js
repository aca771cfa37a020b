import { get, post } from "../api.js";
import { ask } from "../dialog.js";
import { button, card, h, keyed, setClass, setText } from "../dom.js";
import { age, duration, moment } from "../format.js";
import { attempt, note } from "../note.js";
import { tag } from "../table.js";
import { hasEnded, progress, statusKind, statusText, taken } from "./task-status.js";

/** Characters of a payload; more would only slow the page down. */
const SHOWN = 20_000;

/** One task and its service requests, until it has ended. */
export class TaskDetail {
  #path;
  #over = false;
  #asking = false;
  #now = Date.now();

  #title = h("h2", {}, "Task");
  #status = tag(statusText, statusKind);
  #progress = progress();
  #told = h("p", { class: "lead" }, "\u00a0");
  #facts = facts({
    Id: ({ task_id: id }) => id,
    Began: (task) => moment(task.created_at),
    Changed: (task) => moment(task.updated_at),
    Took: (task) => took(task, this.#now),
  });
  #error = h("p", { class: "error" });
  #payload = payload("Payload");
  #retry = button("Retry", { class: "button primary", "data-needs": "operator" }, () => this.#retryFailed());
  #cancel = button("Cancel", { class: "button danger", "data-needs": "operator" }, () => this.#cancelAll());
  #list = h("ul", { class: "list requests" });
  #rows = keyed(this.#list, ({ id }) => String(id), (each) => request(each, () => this.#now));

  element = h(
    "div",
    { class: "view" },
    h(
      "section",
      { class: "card" },
      h("p", {}, h("a", { href: "#tasks" }, "‹ All tasks")),
      h(
        "div",
        { class: "toolbar head" },
        this.#title,
        this.#status.element,
        this.#progress.element,
        this.#retry,
        this.#cancel,
      ),
      this.#told,
      this.#error,
      this.#facts.element,
      this.#payload.element,
    ),
    card("Service requests", this.#list),
  );

  /**
   * @param id as it stands in the address
   */
  constructor(id) {
    this.#path = `/api/tasks/${id}`;
    this.#retry.hidden = true;
    this.#cancel.hidden = true;
    this.#progress.element.hidden = true;
  }

  /** Time has passed. */
  turn(now) {
    this.#now = now;
    if (!this.#asking && !this.#over) {
      this.refresh();
    }
  }

  async refresh() {
    this.#asking = true;
    try {
      this.#draw(await get(this.#path));
    } catch (problem) {
      this.#over = problem.status === 404;
      setText(this.#told, this.#over ? "There is no such task." : `Not refreshed: ${problem.message}`);
    } finally {
      this.#asking = false;
    }
  }

  #draw(task) {
    this.#over = hasEnded(task);
    setText(this.#title, task.task_name);
    setText(this.#told, task.task_description || "\u00a0");
    this.#status.update(task);
    this.#progress.element.hidden = false;
    this.#progress.update(task);
    setText(this.#error, task.error_message ?? "");
    this.#facts.update(task);
    this.#payload.update(task.payload);
    this.#retry.hidden = task.status !== "FAILED" && task.status !== "CANCELLED";
    this.#cancel.hidden = hasEnded(task);
    this.#rows(task.service_requests);
  }

  async #retryFailed() {
    const sure = await ask({
      title: "Retry this task?",
      text: "What failed or was cancelled is called once more. What succeeded stays as it is.",
      yes: "Retry",
    });
    if (sure) {
      await this.#order(this.#retry, "retry", "It is called once more.");
    }
  }

  async #cancelAll() {
    const sure = await ask({
      title: "Cancel this task?",
      text: "What waits is not called, and answers to what is being called are not waited for.",
      yes: "Cancel the task",
      danger: true,
    });
    if (sure) {
      await this.#order(this.#cancel, "cancel", "The task is cancelled.");
    }
  }

  #order(control, verb, done) {
    return attempt(control, `No ${verb}`, async () => {
      this.#draw(await post(`${this.#path}/${verb}`));
      note(done);
    });
  }
}

function took(item, now) {
  const seconds = taken(item, now);
  return hasEnded(item) ? duration(seconds) : `${age(seconds)} so far`;
}

function facts(texts) {
  const values = Object.entries(texts).map(([name, text]) => ({ name, text, value: h("dd", {}, "–") }));
  return {
    element: h(
      "dl",
      { class: "facts across" },
      ...values.map(({ name, value }) => h("div", {}, h("dt", {}, name), value)),
    ),
    update: (item) => values.forEach(({ text, value }) => setText(value, text(item))),
  };
}

/** Folded until somebody wants to see it. */
function payload(title) {
  const text = h("pre", { tabindex: "0", class: "payload" });
  const element = h("details", {}, h("summary", {}, title), text);
  return {
    element,
    update: (json) => {
      element.hidden = json === null;
      setText(text, shortened(JSON.stringify(json, null, 2)));
    },
  };
}

function shortened(text) {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}\n… and ${text.length - SHOWN} characters more` : text;
}

function request(first, now) {
  const status = tag(statusText, statusKind);
  const dot = h("i", { class: "dot" });
  const detail = h("span", { class: "detail" });
  const error = h("span", { class: "detail error" });
  const sent = payload("Request");
  const answer = payload("Answer");
  return {
    element: h(
      "li",
      {},
      dot,
      h(
        "div",
        {},
        h("p", { class: "name" }, first.service_name, " ", status.element),
        detail,
        error,
        sent.element,
        answer.element,
      ),
    ),
    update: (item) => {
      status.update(item);
      setClass(dot, `dot ${statusKind(item)}`);
      setText(detail, summary(item, now()));
      setText(error, item.error_message ?? "");
      error.hidden = item.error_message === null;
      sent.update(item.request_payload);
      answer.update(item.response_payload);
    },
  };
}

function summary(item, now) {
  const attempts = item.attempts === 1 ? "1 attempt" : `${item.attempts} attempts`;
  const parts = [attempts, took(item, now), `changed ${moment(item.updated_at)}`];
  if (item.scenario_id) {
    parts.push(`scenario ${item.scenario_id}`);
  }
  if (item.business_type_id) {
    parts.push(`business type ${item.business_type_id}`);
  }
  return parts.join(" · ");
}
