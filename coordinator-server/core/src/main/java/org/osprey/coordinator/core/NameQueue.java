package org.osprey.coordinator.core;

import org.jspecify.annotations.Nullable;

/**
 * The waiting actions of one name in one lane, in order of position. A linked list through the
 * deliveries, so that one can leave from the middle.
 */
final class NameQueue {
  /** Hand-overs until their pace is believed; also how far back it looks, roughly. */
  private static final int MEMORY = 8;

  final String name;
  private @Nullable Delivery head;
  private @Nullable Delivery tail;
  private int size;

  private int handOvers;
  private long lastHandOver;

  /** Nanoseconds from one hand-over to the next, smoothed. */
  private long pace;

  NameQueue(String name) {
    this.name = name;
  }

  @Nullable Delivery head() {
    return head;
  }

  /** Negative, zero or positive as the order of the heads; only for queues that are not empty. */
  static int compareHeads(NameQueue left, NameQueue right) {
    return Long.compare(left.headPosition(), right.headPosition());
  }

  /** One is handed over to a worker, and is still in here. */
  void handedOver(long now) {
    if (handOvers > 0) {
      long took = now - lastHandOver;
      pace += (took - pace) / Math.min(handOvers, MEMORY);
    }
    handOvers++;
    lastHandOver = now;
  }

  /** Nanoseconds that a new one will wait, by the pace of late; 0 when that is not known. */
  long waitOfNext() {
    return handOvers > MEMORY ? size * pace : 0;
  }

  void addLast(Delivery delivery) {
    size++;
    delivery.queue = this;
    delivery.ahead = tail;
    if (tail == null) {
      head = delivery;
    } else {
      tail.behind = delivery;
    }
    tail = delivery;
  }

  void addFirst(Delivery delivery) {
    size++;
    delivery.queue = this;
    delivery.behind = head;
    if (head == null) {
      tail = delivery;
    } else {
      head.ahead = delivery;
    }
    head = delivery;
  }

  void remove(Delivery delivery) {
    size--;
    if (delivery.ahead == null) {
      head = delivery.behind;
    } else {
      delivery.ahead.behind = delivery.behind;
    }
    if (delivery.behind == null) {
      tail = delivery.ahead;
    } else {
      delivery.behind.ahead = delivery.ahead;
    }
    delivery.queue = null;
    delivery.ahead = null;
    delivery.behind = null;
  }

  private long headPosition() {
    if (head == null) {
      throw new IllegalStateException("queue of " + name + " is empty");
    }
    return head.position;
  }
}
