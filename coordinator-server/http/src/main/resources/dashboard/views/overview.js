import { chart } from "../chart.js";
import { card, h, setText } from "../dom.js";
import { age, bytes, count, duration, rate } from "../format.js";
import { checkList } from "../checks.js";
import { sources } from "../sources.js";

/** How it goes: the path of the actions, the last minutes, the lanes, the sources, the checks. */
export function overview() {
  const path = steps();
  const throughput = chart({
    title: "Throughput",
    format: (value) => rate(value),
    floor: 3,
    series: [
      { key: "accepted", label: "accepted/s", kind: "neutral" },
      { key: "handled", label: "handled/s", kind: "good", area: true },
      { key: "failed", label: "failed/s", kind: "bad" },
    ],
  });
  const latency = chart({
    title: "Latency",
    format: duration,
    floor: 0.001,
    logarithmic: true,
    series: [
      { key: "syncHalf", label: "sync p50", kind: "sync" },
      { key: "syncTail", label: "p99", kind: "sync tail" },
      { key: "asyncHalf", label: "async p50", kind: "async" },
      { key: "asyncTail", label: "p99", kind: "async tail" },
    ],
  });
  const depth = chart({
    title: "Queue depth",
    format: count,
    floor: 3,
    series: [
      { key: "syncWaiting", label: "sync", kind: "sync", area: true },
      { key: "asyncWaiting", label: "async", kind: "async", area: true },
      { key: "out", label: "at workers", kind: "neutral" },
    ],
  });
  const lanes = laneTable();
  const list = sources();
  const checks = checkList();
  return {
    element: h(
      "div",
      { class: "view" },
      path.element,
      h("div", { class: "columns" }, throughput.element, latency.element, depth.element),
      h(
        "div",
        { class: "columns" },
        card("Lanes", lanes.element),
        card("Sources", list.element),
        card("Health checks", checks.element),
      ),
    ),
    update: (picture, history) => {
      path.update(picture, history);
      [throughput, latency, depth].forEach((each) => each.update(history.points));
      lanes.update(picture.queue.lanes);
      list.update(picture.sources);
      checks.update(picture.checks);
    },
  };
}

/** Where actions are on their way. */
function steps() {
  const step = (id, title) => {
    const value = h("b", { id: `step-${id}` }, "–");
    const hint = h("small", {}, "\u00a0");
    const element = h("li", {}, h("span", {}, title), value, hint);
    return {
      element,
      show: (number, text) => {
        setText(value, number);
        setText(hint, text);
      },
    };
  };
  const accepted = step("accepted", "Accepted");
  const waiting = step("waiting", "Waiting");
  const out = step("out", "Out at workers");
  const later = step("later", "Held back");
  const handled = step("handled", "Handled");
  const all = [accepted, waiting, out, later, handled];
  return {
    element: h(
      "ol",
      { class: "card steps", "aria-label": "The path of the actions" },
      ...all.map(({ element }) => element),
    ),
    update: ({ queue }, history) => {
      const { sync, async } = queue.lanes;
      const counts = queue.counts;
      const { accepted: in_, handled: done } = history.last;
      accepted.show(
        count(counts.sync_accepted + counts.async_accepted),
        in_ === null ? "since the start" : `${rate(in_)} per second`,
      );
      waiting.show(
        count(sync.waiting + async.waiting),
        oldest(Math.max(sync.oldest_seconds, async.oldest_seconds)),
      );
      out.show(
        count(queue.leased),
        queue.connected
          ? `${count(queue.waiting_streams)} of ${streams(queue.connected)} free`
          : "no worker is connected",
      );
      later.show(
        count(queue.delayed + queue.held + queue.settling),
        `${count(queue.delayed)} delayed, ${count(queue.held)} held, ${count(queue.settling)} storing`,
      );
      handled.show(
        count(counts.sync_acked + counts.async_acked),
        done === null ? "since the start" : `${rate(done)} per second`,
      );
    },
  };
}

function oldest(seconds) {
  return seconds > 0 ? `the next one since ${waited(seconds)}` : "nothing in line";
}

function streams(number) {
  return number === 1 ? "1 stream" : `${count(number)} streams`;
}

function laneTable() {
  const lines = [
    ["Waiting", (lane) => count(lane.waiting)],
    ["Unfinished", (lane) => count(lane.unfinished)],
    ["Room taken", (lane) => bytes(lane.bytes)],
    ["Next in line since", (lane) => (lane.oldest_seconds ? waited(lane.oldest_seconds) : "–")],
  ];
  const cells = lines.map(() => ({ sync: h("td", {}, "–"), async: h("td", {}, "–") }));
  const heads = ["sync", "async"].map((lane) =>
    h("th", { scope: "col" }, h("i", { class: `swatch ${lane}` }), lane === "sync" ? "Sync" : "Async"),
  );
  const element = h(
    "table",
    { class: "lanes", "aria-label": "Lanes" },
    h("thead", {}, h("tr", {}, h("td", {}), ...heads)),
    h(
      "tbody",
      {},
      ...lines.map(([title], i) =>
        h("tr", {}, h("th", { scope: "row" }, title), cells[i].sync, cells[i].async),
      ),
    ),
  );
  return {
    element,
    update: (lanes) =>
      lines.forEach(([, text], i) => {
        setText(cells[i].sync, text(lanes.sync));
        setText(cells[i].async, text(lanes.async));
      }),
  };
}

function waited(seconds) {
  return seconds < 60 ? duration(seconds) : age(seconds);
}
