import { h, setClass, setText } from "../dom.js";
import { age, count, rate, words } from "../format.js";

const KINDS = { running: "good", starting: "warn", stopping: "warn", disabled: "" };
const NEARLY_FULL = 0.8;

/** A running one may be unwell, and says so itself. */
export function stateText({ state, healthy }) {
  return state === "running" && !healthy ? "unhealthy" : words(state);
}

export function stateKind({ state, healthy }) {
  return state === "running" && !healthy ? "bad" : (KINDS[state] ?? "bad");
}

/** Whether its detail is something that is wrong. */
export function inTrouble({ state, healthy }) {
  return state !== "disabled" && !healthy;
}

export function dropped({ ledger }) {
  return ledger ? Object.values(ledger.dropped).reduce((sum, number) => sum + number, 0) : null;
}

/** `now` in milliseconds. */
export function lastEvent({ last_event: time }, now) {
  return time ? `${age((now - Date.parse(time)) / 1000)} ago` : "never";
}

/** How full its buffer is, as a bar and in figures. */
export function buffer() {
  const bar = h("progress", { max: 1 });
  const figures = h("span", {});
  const element = h("span", { class: "progress" }, bar, figures);
  return {
    element,
    update: ({ buffer: now }) => {
      element.hidden = !now;
      if (now) {
        const text = `${Math.round(now.utilization * 100)}%`;
        bar.value = now.utilization;
        setClass(bar, full(now.utilization));
        bar.setAttribute("aria-label", `${text} of the buffer are taken`);
        setText(figures, text);
      }
    },
  };
}

function full(utilization) {
  if (utilization >= 1) {
    return "bad";
  }
  return utilization > NEARLY_FULL ? "warn" : "good";
}

/** What was counted per second since the time before. */
export class Rates {
  #before = new Map();
  #rates = new Map();

  /**
   * @param now in milliseconds
   * @param counts by name
   */
  add(now, counts) {
    const next = new Map();
    const rates = new Map();
    for (const [name, number] of counts) {
      const before = this.#before.get(name);
      next.set(name, { number, now });
      if (before && now > before.now && number >= before.number) {
        rates.set(name, ((number - before.number) * 1000) / (now - before.now));
      }
    }
    this.#before = next;
    this.#rates = rates;
  }

  /** For people. */
  text(name) {
    return rate(this.#rates.get(name));
  }
}

export function number(value) {
  return count(value ?? null);
}
