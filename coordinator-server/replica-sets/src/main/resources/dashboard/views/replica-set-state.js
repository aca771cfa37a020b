import { age, count } from "../format.js";

const KINDS = { running: "good", ready: "warn", stopping: "warn", waiting: "warn", silent: "bad" };

export function workerKind(state) {
  return KINDS[state] ?? "";
}

/**
 * @param workers how many there are, by their state
 */
export function stateText({ complete, workers }) {
  if (all(workers) === 0) {
    return "no workers";
  }
  if (workers.silent) {
    return "silent workers";
  }
  return complete ? "running" : "dividing";
}

export function stateKind(set) {
  if (all(set.workers) === 0 || set.workers.silent) {
    return "bad";
  }
  return set.complete ? "good" : "warn";
}

/** The counts of a list of workers, as the list of replica sets has them. */
export function byState(workers) {
  const counts = {};
  for (const { state } of workers) {
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

export function all(workers) {
  return Object.values(workers).reduce((sum, number) => sum + number, 0);
}

/** "3 running, 1 waiting". */
export function workersText(workers) {
  const states = Object.keys(KINDS).filter((state) => workers[state]);
  return states.map((state) => `${count(workers[state])} ${state}`).join(", ") || "none";
}

/** `now` in milliseconds. */
export function sinceText({ since }, now) {
  return age((now - Date.parse(since)) / 1000);
}
