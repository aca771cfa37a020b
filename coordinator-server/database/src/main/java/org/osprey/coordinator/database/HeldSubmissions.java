package org.osprey.coordinator.database;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that this process has: each from when it is claimed until it is deleted, so that what
 * waits to be deleted takes room too.
 */
@ThreadSafe
final class HeldSubmissions {
  private static final Logger log = LoggerFactory.getLogger(HeldSubmissions.class);

  private final InFlight inFlight;
  private final Runnable changed;
  private final Map<Long, Held> byId = new ConcurrentHashMap<>();
  private final Queue<Held> finished = new ConcurrentLinkedQueue<>();

  /**
   * @param changed told when something is to be deleted, or when there is room again
   */
  HeldSubmissions(InFlight inFlight, Runnable changed) {
    this.inFlight = inFlight;
    this.changed = changed;
  }

  /** One row; any thread may finish it. */
  final class Held implements Delivery.Handle {
    private final long id;
    private final long size;

    private Held(long id, long size) {
      this.id = id;
      this.size = size;
    }

    long id() {
      return id;
    }

    @Override
    public void finished(Outcome outcome) {
      switch (outcome) {
        case Outcome.Acked acked -> done();
        case Outcome.DeadLettered letter -> done();
        // Not for async deliveries, says the core; if it ever happens, the row comes again.
        case Outcome.Nacked nacked -> leave(outcome);
        case Outcome.Expired expired -> leave(outcome);
        case Outcome.Rejected rejected -> leave(outcome);
      }
    }

    @Override
    public String origin() {
      return "row=" + id;
    }

    /** Nothing is left to do but to delete it. */
    void done() {
      finished.add(this);
      changed.run();
    }

    /** It comes again when its claim is over. */
    void leave(Object why) {
      log.warn("row is left to come again: row={} cause=\"{}\"", id, why);
      forget(this);
    }
  }

  boolean has(long id) {
    return byId.containsKey(id);
  }

  /**
   * @param size the room that was taken for it
   */
  Held hold(long id, long size) {
    Held held = new Held(id, size);
    byId.put(id, held);
    return held;
  }

  /** What is to be deleted; it is the caller's to {@link #forget} or to {@link #keepFinished}. */
  List<Held> takeFinished(int most) {
    List<Held> taken = new ArrayList<>();
    for (Held next = finished.poll(); next != null; next = finished.poll()) {
      taken.add(next);
      if (taken.size() == most) {
        break;
      }
    }
    return taken;
  }

  /** Deleting failed; it is tried again when the loop comes to it. */
  void keepFinished(List<Held> taken) {
    finished.addAll(taken);
  }

  void forget(Held held) {
    if (byId.remove(held.id, held)) {
      inFlight.giveBack(held.size);
      changed.run();
    }
  }

  List<Long> ids() {
    return List.copyOf(byId.keySet());
  }
}
