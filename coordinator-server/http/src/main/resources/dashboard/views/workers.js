import { post } from "../api.js";
import { ask } from "../dialog.js";
import { button, card, h, setText } from "../dom.js";
import { age, count, exact } from "../format.js";
import { attempt, note } from "../note.js";
import { table } from "../table.js";

const COMMAND =
  "java -cp 'worker-client/stream-worker/target/stream-worker.jar:" +
  "worker-client/stream-worker/target/lib/*' " +
  "org.osprey.coordinator.worker.SampleWorker --target 127.0.0.1:19950";

/** Who is connected, and what each stream has in hand. */
export function workers() {
  const sum = h("p", { class: "lead" }, "\u00a0");
  const list = table({
    label: "Worker streams",
    key: ({ id }) => id,
    empty: [
      h("p", {}, "No worker is connected. Actions wait until one comes."),
      h("p", {}, "Start the sample worker with"),
      h("pre", {}, COMMAND),
      h("p", {}, "or point your own to the worker port, which Health tells (rpc)."),
    ],
    columns: [
      { head: "Worker", text: (worker) => worker.client_id || "–", title: ({ id }) => `stream ${id}` },
      { head: "Address", text: ({ peer }) => peer },
      { head: "Takes", kind: "code", text: ({ actions }) => actions, title: ({ actions }) => actions },
      { head: "In flight", kind: "number", text: (worker) => `${worker.in_flight} / ${worker.credits}` },
      { head: "Acks", kind: "number", text: ({ acks }) => count(acks), title: ({ acks }) => exact(acks) },
      { head: "Nacks", kind: "number", text: ({ nacks }) => count(nacks) },
      { head: "Connected", kind: "number", text: (worker) => age(worker.connected_seconds) },
      { head: "Last heard", kind: "number", text: (worker) => heard(worker.silent_seconds) },
      { head: "", kind: "action", make: disconnect },
    ],
  });
  return {
    element: h("div", { class: "view" }, card("Workers", sum, list.element)),
    update: ({ queue, workers: shown }) => {
      sum.hidden = queue.connected === 0;
      setText(sum, summary(queue, shown));
      list.update([...shown].sort(byName));
    },
  };
}

function summary(queue, shown) {
  const streams = queue.connected === 1 ? "1 stream" : `${count(queue.connected)} streams`;
  const part = shown.length < queue.connected ? ` Here are the ${shown.length} that hold most.` : "";
  const out = queue.leased === 1 ? "1 action" : `${count(queue.leased)} actions`;
  return `${streams}, ${count(queue.waiting_streams)} free, ${out} out.${part}`;
}

/** In an order that stays, so that no row jumps away from under the pointer. */
function byName(one, other) {
  return one.client_id.localeCompare(other.client_id) || Number(one.id) - Number(other.id);
}

function heard(seconds) {
  return seconds < 1 ? "now" : `${age(seconds)} ago`;
}

function disconnect() {
  let worker = null;
  const element = button("Disconnect", { class: "button small", "data-needs": "operator" }, async () => {
    const { id, client_id: name } = worker;
    const sure = await ask({
      title: `Disconnect ${name}?`,
      text:
        "The stream gets nothing more and ends when it has answered for what it holds. " +
        "A worker that still runs will connect again.",
      yes: "Disconnect",
    });
    if (sure) {
      await attempt(element, `${name} stays`, async () => {
        await post(`/api/workers/${id}/disconnect`);
        note(`${name} ends when nothing is out at it.`);
      });
    }
  });
  return {
    element,
    update: (next) => {
      worker = next;
      element.setAttribute("aria-label", `Disconnect ${next.client_id}, stream ${next.id}`);
    },
  };
}
