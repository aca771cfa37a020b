import { post } from "./api.js";
import { h } from "./dom.js";
import { duration } from "./format.js";

const EXAMPLE = `{
  "user_id": "user_123",
  "ip_address": "192.168.1.1"
}`;

/** Sends one action and shows its verdicts, or why there are none. */
export function sendForm() {
  const names = h("datalist", { id: "action-names" });
  const name = h("input", {
    id: "action-name",
    value: "user_login",
    required: true,
    maxlength: 256,
    list: "action-names",
    autocomplete: "off",
    spellcheck: "false",
  });
  const data = h("textarea", { id: "action-data", rows: 8, spellcheck: "false", required: true });
  data.value = EXAMPLE;
  data.addEventListener("input", () => data.setCustomValidity(""));
  const send = h("button", { type: "submit", class: "button primary" }, "Send");
  const answer = h("output", { id: "answer", class: "answer", for: "action-name action-data" });
  const form = h(
    "form",
    { class: "send", on: { submit } },
    h("label", { for: "action-name" }, "Name"),
    name,
    names,
    h("label", { for: "action-data" }, "Data, a JSON object"),
    data,
    h("div", { class: "buttons" }, send, h("small", {}, "waits for the verdict of a worker")),
    answer,
  );
  answer.append(h("p", { class: "muted" }, "The verdict shows up here."));
  data.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit();
    }
  });

  async function submit(event) {
    event.preventDefault();
    const wrong = objectError(data.value);
    data.setCustomValidity(wrong);
    if (wrong) {
      data.reportValidity();
      return;
    }
    send.disabled = true;
    answer.replaceChildren(h("p", { class: "muted" }, "Waiting for a worker …"));
    const began = performance.now();
    try {
      // The data goes as it was typed: parsing would round large numbers.
      const body = `{"name":${JSON.stringify(name.value)},"data":${data.value}}`;
      const verdicts = await post("/api/actions?mode=sync", body);
      answer.replaceChildren(...good(verdicts, (performance.now() - began) / 1000));
    } catch (problem) {
      answer.replaceChildren(...bad(problem));
    } finally {
      send.disabled = false;
    }
  }

  return {
    element: form,
    suggest: (known) => {
      const wanted = [...new Set(known)].sort();
      if (wanted.join("\n") !== [...names.children].map(({ value }) => value).join("\n")) {
        names.replaceChildren(...wanted.map((value) => h("option", { value })));
      }
    },
  };
}

function objectError(text) {
  try {
    const value = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? "" : "Want a JSON object, such as {\"user\": \"ada\"}.";
  } catch (error) {
    return `This is no JSON: ${error.message}`;
  }
}

function good({ id, verdicts }, seconds) {
  const shown = verdicts.length
    ? h("p", { class: "verdicts" }, ...verdicts.map((verdict) => h("span", { class: "tag good" }, verdict)))
    : h("p", {}, "Handled, without a verdict.");
  return [shown, h("p", { class: "muted" }, `Action ${id}, answered in ${duration(seconds)}`)];
}

function bad(problem) {
  const title = problem.status ? `${problem.status} ${problem.title}` : problem.title;
  return [h("p", {}, h("span", { class: "tag bad" }, title)), h("p", {}, problem.message)];
}
