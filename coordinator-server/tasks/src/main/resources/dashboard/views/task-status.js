import { words } from "../format.js";
import { h, setClass, setText } from "../dom.js";

const KINDS = { PENDING: "", IN_PROGRESS: "sync", COMPLETED: "good", FAILED: "bad", CANCELLED: "warn" };

export const STATUSES = Object.keys(KINDS);

export function hasEnded({ status }) {
  return status !== "PENDING" && status !== "IN_PROGRESS";
}

/** IN_PROGRESS to "in progress". */
export function statusText({ status }) {
  return words(status.toLowerCase());
}

export function statusKind({ status }) {
  return KINDS[status] ?? "";
}

/** Seconds it took, or has taken until `now`, in milliseconds. */
export function taken(item, now) {
  const end = hasEnded(item) ? Date.parse(item.updated_at) : now;
  return Math.max(0, end - Date.parse(item.created_at)) / 1000;
}

/** How many requests have ended, as a bar and in figures. */
export function progress() {
  const bar = h("progress", {});
  const figures = h("span", {});
  return {
    element: h("span", { class: "progress" }, bar, figures),
    update: (task) => {
      const { requests, open } = task.progress;
      const text = `${requests - open} of ${requests}`;
      bar.max = requests;
      bar.value = requests - open;
      setClass(bar, task.progress.failed > 0 ? "bad" : statusKind(task));
      bar.setAttribute("aria-label", `${text} requests have ended`);
      setText(figures, text);
    },
  };
}
