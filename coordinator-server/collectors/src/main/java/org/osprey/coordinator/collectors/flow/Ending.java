package org.osprey.coordinator.collectors.flow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;
import org.osprey.coordinator.collectors.flow.SpillStore.SpillException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a flow whose ways in are closed: publishes for a while, then stores what is left, and counts
 * what cannot be stored. Used once, by one thread.
 */
final class Ending {
  private static final Logger log = LoggerFactory.getLogger(Ending.class);

  /** For a loop to come to the end of what it does. */
  private static final Duration LOOP = Duration.ofSeconds(5);

  /** For a disk in trouble, all rows together. */
  private static final Duration DISK = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
  private static final Duration STORE_AGAIN = Duration.ofMillis(100);

  private final Lanes lanes;
  private final Workers workers;
  private final Spiller spiller;
  private final SpillStore store;
  private final Map<Lane, List<Encoded>> left = new LinkedHashMap<>();
  private boolean diskFailed;

  Ending(Lanes lanes, Workers workers, Spiller spiller, SpillStore store) {
    this.lanes = lanes;
    this.workers = workers;
    this.spiller = spiller;
    this.store = store;
  }

  /**
   * @param drain for publishing what waits
   */
  void run(Duration drain) throws InterruptedException {
    long end = System.nanoTime() + drain.toNanos();
    await(() -> lanes.all().stream().allMatch(Lane::drained), end);
    workers.all().forEach(Worker::takeNothingMore);
    await(() -> workers.all().stream().allMatch(Worker::settled), end);
    for (Worker worker : workers.all()) {
      keep(worker.end(LOOP));
    }
    spiller.end(LOOP).forEach((lane, events) -> of(lane).addAll(events));
    long disk = System.nanoTime() + DISK.toNanos();
    for (Lane lane : lanes.all()) {
      of(lane).addAll(lane.takeToStore(Long.MAX_VALUE));
      storeAll(lane, disk);
    }
  }

  /** What came from rows is still there. */
  private void keep(@Nullable List<Outgoing> given) {
    if (given == null) {
      log.warn("a worker of the collectors does not end, what it had underway is lost");
      return;
    }
    for (Outgoing outgoing : given) {
      Encoded event = outgoing.event();
      Lane lane = lanes.find(event.collector());
      if (lane != null && !(event.settled() instanceof StoredRow)) {
        of(lane).add(event);
      }
    }
  }

  private List<Encoded> of(Lane lane) {
    return left.computeIfAbsent(lane, added -> new ArrayList<>());
  }

  private void storeAll(Lane lane, long end) throws InterruptedException {
    List<Encoded> events = of(lane);
    events.sort(Comparator.comparingLong(Encoded::seq));
    int from = 0;
    while (from < events.size()) {
      int to = endOfRow(events, from);
      store(lane, events.subList(from, to), end);
      from = to;
    }
    long lost = lane.underway();
    if (lost > 0) {
      lane.stopped(lost);
      log.warn("events lost at the end: collector={} events={}", lane.name(), lost);
    }
  }

  private static int endOfRow(List<Encoded> events, int from) {
    int to = from + 1;
    long bytes = events.get(from).body().length;
    while (to < events.size() && bytes + events.get(to).body().length <= Backlog.ROW_BYTES) {
      bytes += events.get(to++).body().length;
    }
    return to;
  }

  private void store(Lane lane, List<Encoded> row, long end) throws InterruptedException {
    while (!diskFailed) {
      try {
        store.append(List.copyOf(row));
        lane.stored(row.size());
        row.forEach(event -> Settling.run(event.settled()));
        return;
      } catch (SpillException e) {
        diskFailed = System.nanoTime() - end > 0;
        if (diskFailed) {
          log.error("events cannot be stored: cause=\"{}\"", e.getMessage());
        } else {
          Thread.sleep(STORE_AGAIN);
        }
      }
    }
  }

  private static void await(BooleanSupplier condition, long end) throws InterruptedException {
    while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
      Thread.sleep(LOOK_AGAIN);
    }
  }
}
