package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DispatcherStats.LaneStats;

/**
 * One lane: first in, first out over all names, and also over the names one worker takes. Not
 * thread-safe: the dispatcher's lock guards it.
 */
final class LaneQueue {
  private final DispatcherSettings.Bounds bounds;
  private final Map<String, NameQueue> byName = new HashMap<>();

  /** The queues that are not empty, the one whose head waited longest first. */
  private final TreeSet<NameQueue> byHead = new TreeSet<>(NameQueue::compareHeads);

  private long firstPosition;
  private long lastPosition;
  private int waiting;

  // Accepted and unfinished, wherever they are.
  private int accepted;
  private long acceptedBytes;

  LaneQueue(DispatcherSettings.Bounds bounds) {
    this.bounds = bounds;
  }

  boolean hasRoom(long bytes) {
    return accepted == 0
        || (accepted < bounds.actions() && acceptedBytes + bytes <= bounds.bytes());
  }

  /**
   * @return whether there was room; it lasts until {@link #release}
   */
  boolean reserve(long bytes) {
    if (!hasRoom(bytes)) {
      return false;
    }
    accepted++;
    acceptedBytes += bytes;
    return true;
  }

  void release(long bytes) {
    accepted--;
    acceptedBytes -= bytes;
  }

  /**
   * Whether a new one would wait so long that its worker has less than half of its caller's time:
   * then it had better be refused at once, before the answer of every other comes too late.
   */
  boolean isHopeless(Delivery delivery, long now) {
    NameQueue queue = byName.get(delivery.action().name());
    return queue != null
        && delivery.hasDeadline()
        && queue.waitOfNext() > (delivery.deadline() - now) / 2;
  }

  void addLast(Delivery delivery) {
    delivery.position = ++lastPosition;
    NameQueue queue = queueOf(delivery);
    boolean first = queue.head() == null;
    queue.addLast(delivery);
    if (first) {
      byHead.add(queue);
    }
    waiting++;
  }

  void addFirst(Delivery delivery) {
    delivery.position = --firstPosition;
    NameQueue queue = queueOf(delivery);
    if (queue.head() != null) {
      byHead.remove(queue);
    }
    queue.addFirst(delivery);
    byHead.add(queue);
    waiting++;
  }

  /** Takes out one that is waiting here, for a worker. */
  void handOver(Delivery delivery, long now) {
    NameQueue queue = delivery.queue;
    if (queue != null) {
      queue.handedOver(now);
      remove(delivery);
    }
  }

  /** Takes a delivery out if it is waiting here. */
  void remove(Delivery delivery) {
    NameQueue queue = delivery.queue;
    if (queue == null) {
      return;
    }
    waiting--;
    if (queue.head() != delivery) {
      queue.remove(delivery);
      return;
    }
    byHead.remove(queue);
    queue.remove(delivery);
    if (queue.head() == null) {
      // Names come from outside, so an empty queue must not stay.
      byName.remove(queue.name);
    } else {
      byHead.add(queue);
    }
  }

  /** The delivery that waits longest among those with such a name. */
  @Nullable Delivery peek(ActionNames names) {
    for (NameQueue queue : byHead) {
      if (names.matches(queue.name)) {
        return queue.head();
      }
    }
    return null;
  }

  int accepted() {
    return accepted;
  }

  LaneStats stats(long now) {
    Delivery oldest = peek(ActionNames.ALL);
    return new LaneStats(
        waiting,
        accepted,
        acceptedBytes,
        oldest == null ? Duration.ZERO : Duration.ofNanos(now - oldest.offeredAt));
  }

  private NameQueue queueOf(Delivery delivery) {
    return byName.computeIfAbsent(delivery.action().name(), NameQueue::new);
  }
}
