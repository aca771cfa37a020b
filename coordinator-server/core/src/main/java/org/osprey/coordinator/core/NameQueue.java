package org.osprey.coordinator.core;

import org.jspecify.annotations.Nullable;

/**
 * The waiting actions of one name in one lane, in order of position. A linked list through the
 * deliveries, so that one can leave from the middle.
 */
final class NameQueue {
  final String name;
  private @Nullable Delivery head;
  private @Nullable Delivery tail;

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

  void addLast(Delivery delivery) {
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
