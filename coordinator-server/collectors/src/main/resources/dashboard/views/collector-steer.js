import { post } from "../api.js";
import { ask } from "../dialog.js";
import { button, h, setClass, setText } from "../dom.js";
import { attempt, note } from "../note.js";

const DONE = { enable: "is enabled", disable: "is disabled", restart: "is restarted" };

/**
 * The buttons of one collector.
 *
 * @param changed is given what the coordinator answers
 */
export function steer(changed) {
  let collector = null;
  const toggle = button("Disable", { class: "button small", "data-needs": "operator" }, () => {
    order(toggle, collector.enabled ? "disable" : "enable");
  });
  const restart = button("Restart", { class: "button small", "data-verb": "restart", "data-needs": "operator" }, () => {
    order(restart, "restart");
  });

  async function order(control, verb) {
    const { name } = collector;
    if (verb === "disable" && !(await ask(disabling(name)))) {
      return;
    }
    await attempt(control, `${name}: no ${verb}`, async () => {
      changed(await post(`/api/collectors/${encodeURIComponent(name)}/${verb}`));
      note(`${name} ${DONE[verb]}.`);
    });
    draw();
  }

  function draw() {
    const { name, enabled } = collector;
    const verb = enabled ? "disable" : "enable";
    setText(toggle, enabled ? "Disable" : "Enable");
    setClass(toggle, enabled ? "button small danger" : "button small");
    toggle.dataset.verb = verb;
    toggle.setAttribute("aria-label", `${enabled ? "Disable" : "Enable"} ${name}`);
    restart.setAttribute("aria-label", `Restart ${name}`);
    restart.disabled = !enabled || restart.hasAttribute("aria-busy");
  }

  return {
    element: h("span", { class: "buttons" }, toggle, restart),
    update: (next) => {
      collector = next;
      draw();
    },
  };
}

function disabling(name) {
  return {
    title: `Disable ${name}?`,
    text:
      "It collects nothing until it is enabled, or until the configuration is read again. " +
      "What it has emitted is still published.",
    yes: "Disable",
    danger: true,
  };
}
