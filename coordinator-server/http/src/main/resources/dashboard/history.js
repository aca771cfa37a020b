/** What the charts show: the last minutes, as long as the page is open. */
export const SPAN_SECONDS = 300;

const FAILURES = ["sync_nacked", "async_nacked", "leases_expired", "leases_lost"];
const ACCEPTED = ["sync_accepted", "async_accepted"];
const HANDLED = ["sync_acked", "async_acked"];

export class History {
  points = [];
  #before = null;

  add(picture) {
    const time = Date.parse(picture.time) / 1000;
    const { sync, async } = picture.queue.lanes;
    this.points.push({
      time,
      accepted: this.#rate(picture, time, ACCEPTED),
      handled: this.#rate(picture, time, HANDLED),
      failed: this.#rate(picture, time, FAILURES),
      syncHalf: picture.latency.sync.p50 ?? null,
      syncTail: picture.latency.sync.p99 ?? null,
      asyncHalf: picture.latency.async.p50 ?? null,
      asyncTail: picture.latency.async.p99 ?? null,
      syncWaiting: sync.waiting,
      asyncWaiting: async.waiting,
      out: picture.queue.leased,
    });
    this.#before = { picture, time };
    while (this.points[0].time < time - SPAN_SECONDS - 2) {
      this.points.shift();
    }
  }

  get last() {
    return this.points.at(-1);
  }

  /** Per second since the picture before; unknown in the first one, and after a restart. */
  #rate(picture, time, names) {
    const before = this.#before;
    if (!before || before.picture.started_at !== picture.started_at || time <= before.time) {
      return null;
    }
    const more = sum(picture.queue.counts, names) - sum(before.picture.queue.counts, names);
    return more / (time - before.time);
  }
}

function sum(counts, names) {
  return names.reduce((total, name) => total + (counts[name] ?? 0), 0);
}
