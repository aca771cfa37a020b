import { post } from "../api.js";
import { card, h, needs } from "../dom.js";
import { note } from "../note.js";

const EXAMPLE = `{
  "task_name": "Compute Financial Metrics",
  "task_description": "Compute revenue, rebates, and specialty metrics for the given scenarios",
  "payload": [
    {
      "revenue": {
        "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
        "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
      },
      "rebates": {
        "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
        "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
      },
      "specialty": {
        "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
        "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
      }
    }
  ]
}`;

/** Sends one task, and goes to see it. */
export function taskForm() {
  const request = h("textarea", { id: "task-request", rows: 20, spellcheck: "false", required: true });
  request.value = EXAMPLE;
  const send = h("button", { type: "submit", class: "button primary" }, "Send");
  const answer = h("output", { id: "task-answer", class: "answer", for: "task-request" });
  answer.hidden = true;
  const form = h(
    "form",
    { class: "send", on: { submit } },
    h("label", { for: "task-request" }, "Request, a JSON object"),
    request,
    h("div", { class: "buttons" }, send, h("small", {}, "stored at once, worked on from then on")),
    answer,
  );
  request.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit();
    }
  });

  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    answer.hidden = true;
    try {
      // It goes as it was typed: the coordinator says best what is wrong with it.
      const { task_id: id } = await post("/api/orchestrate", request.value);
      note("The task is accepted.");
      location.hash = `tasks/${encodeURIComponent(id)}`;
    } catch (problem) {
      const title = problem.status ? `${problem.status} ${problem.title}` : problem.title;
      answer.hidden = false;
      answer.replaceChildren(
        h("p", {}, h("span", { class: "tag bad" }, title)),
        h("p", {}, problem.message),
      );
    } finally {
      send.disabled = false;
    }
  }

  return { element: needs("submitter", card("Send a task", form)) };
}
