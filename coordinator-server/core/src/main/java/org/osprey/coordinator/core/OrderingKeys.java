package org.osprey.coordinator.core;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets one delivery of an ordering key through at a time. Not thread-safe: the dispatcher's lock
 * guards it.
 */
final class OrderingKeys {
  private final Map<String, Line> lines = new HashMap<>();

  /** Those behind the one that is let through. Most keys never have any. */
  private static final class Line {
    private @Nullable Queue<Delivery> held;
  }

  /**
   * @return whether the delivery may go now; otherwise a later {@link #release} returns it
   */
  boolean acquire(Delivery delivery) {
    String key = delivery.orderingKey();
    if (key == null) {
      return true;
    }
    Line line = lines.get(key);
    if (line == null) {
      lines.put(key, new Line());
      return true;
    }
    if (line.held == null) {
      line.held = new ArrayDeque<>();
    }
    line.held.add(delivery);
    return false;
  }

  /**
   * @param delivery the one that was let through, now finished
   * @return the next of its key, which may go now
   */
  @Nullable Delivery release(Delivery delivery) {
    String key = delivery.orderingKey();
    if (key == null) {
      return null;
    }
    Line line = lines.get(key);
    Delivery next = line == null || line.held == null ? null : line.held.poll();
    if (next == null) {
      lines.remove(key);
    }
    return next;
  }
}
