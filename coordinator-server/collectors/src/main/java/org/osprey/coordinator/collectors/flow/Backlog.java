package org.osprey.coordinator.collectors.flow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.SpillStore.Batch;
import org.osprey.coordinator.collectors.flow.SpillStore.SpillException;

/**
 * The rows of one lane: written behind the last, read from the first, deleted when nothing more
 * happens to their events. Belongs to the spiller's loop, and after that to who ends the flow.
 */
final class Backlog {
  /** Bodies in one row, unless one event alone has more. */
  static final long ROW_BYTES = 256 * 1024;

  /** Rows in memory at once, read and not deleted. */
  private static final int MOST_OUT = 8;

  private final Lane lane;
  private final SpillStore store;
  private final StoredBytes stored;

  private @Nullable Batch lastRead;
  private long lastEpoch;
  private long lastSeq;
  private int out;

  /** Nothing was behind the last one read, and nothing was written since. */
  private boolean exhausted;

  /** Whether anything was written since the lane began to spill. */
  private boolean written;

  private List<Encoded> inHand = List.of();
  private final List<StoredRow> toDelete = new ArrayList<>();

  Backlog(Lane lane, SpillStore store, StoredBytes stored) {
    this.lane = lane;
    this.store = store;
    this.stored = stored;
  }

  Lane lane() {
    return lane;
  }

  /** Taken from the ring to be written, and not written. */
  List<Encoded> inHand() {
    return inHand;
  }

  /**
   * Deletes rows that are done with.
   *
   * @return whether there were any
   */
  boolean delete() {
    toDelete.addAll(lane.takeFinished());
    boolean any = !toDelete.isEmpty();
    while (!toDelete.isEmpty()) {
      StoredRow row = toDelete.getLast();
      store.delete(row.key());
      toDelete.removeLast();
      stored.deleted(row.bytes());
      out--;
    }
    return any;
  }

  /**
   * Reads rows ahead for the workers.
   *
   * @return whether there was one
   */
  boolean read() {
    boolean any = false;
    while (!exhausted && out < MOST_OUT) {
      Batch batch = store.next(lane.name(), lastRead);
      if (batch == null) {
        exhausted = true;
      } else {
        lastRead = StoredRow.withoutEvents(batch);
        out++;
        any = true;
        load(batch);
      }
    }
    return any;
  }

  private void load(Batch batch) {
    List<Encoded> fresh = batch.events().stream().filter(event -> isBehind(batch, event)).toList();
    long bytes = bytes(batch.events());
    if (batch.count() > batch.events().size()) {
      lane.corrupt((long) batch.count() - batch.events().size());
    }
    StoredRow row = new StoredRow(batch, fresh.size(), bytes);
    if (fresh.isEmpty()) {
      toDelete.add(row);
      return;
    }
    lastEpoch = batch.epoch();
    lastSeq = fresh.getLast().seq();
    lane.loaded(fresh.stream().map(event -> ofRow(event, row)).toList());
  }

  /** A row may be there twice, when the store failed after it had written it. */
  private boolean isBehind(Batch batch, Encoded event) {
    return batch.epoch() != lastEpoch || event.seq() > lastSeq;
  }

  private Encoded ofRow(Encoded event, StoredRow row) {
    return new Encoded(
        lane.name(),
        event.epoch(),
        event.seq(),
        event.type(),
        event.severity(),
        event.body(),
        event.emittedNanos(),
        row);
  }

  /**
   * Ends the state in which workers take from rows, when none is left.
   *
   * @return whether it ended now
   */
  boolean catchUp() {
    boolean none = exhausted && out == 0 && inHand.isEmpty();
    boolean begun = written || !lane.spilling();
    if (!none || !begun || !lane.behind()) {
      return false;
    }
    written = false;
    lane.caughtUp();
    lane.trouble(null);
    return true;
  }

  /**
   * Writes one row, if there is enough for it.
   *
   * @param due whether little is enough
   * @return whether it wrote one
   * @throws SpillException when there is no room, too
   */
  boolean write(boolean due) {
    if (inHand.isEmpty()) {
      boolean enough = due || lane.full() || lane.ringBytes() >= ROW_BYTES;
      if (!lane.spilling() || !enough) {
        return false;
      }
      inHand = lane.takeToStore(ROW_BYTES);
      if (inHand.isEmpty()) {
        return false;
      }
    }
    long bytes = bytes(inHand);
    stored.requireRoom(bytes);
    store.append(inHand);
    stored.added(bytes);
    written = true;
    exhausted = false;
    tookDown(inHand);
    inHand = List.of();
    return true;
  }

  private void tookDown(List<Encoded> events) {
    lane.stored(events.size());
    events.forEach(event -> Settling.run(event.settled()));
  }

  static long bytes(List<Encoded> events) {
    long bytes = 0;
    for (Encoded event : events) {
      bytes += event.body().length;
    }
    return bytes;
  }
}
