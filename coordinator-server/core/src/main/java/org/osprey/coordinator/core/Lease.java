package org.osprey.coordinator.core;

/** One hand-over of one action to one target, with one id and one deadline. */
public final class Lease extends DispatchTimer {
  private final long ackId;
  final Delivery delivery;
  final WorkerStream stream;

  /** Its time passed without an answer. Guarded by the dispatcher's lock. */
  boolean expired;

  Lease(long ackId, Delivery delivery, WorkerStream stream) {
    this.ackId = ackId;
    this.delivery = delivery;
    this.stream = stream;
  }

  /** Unsigned; no other hand-over of this coordinator has it. */
  public long ackId() {
    return ackId;
  }

  public Action action() {
    return delivery.action();
  }

  public WorkerStream stream() {
    return stream;
  }

  /** Still the one hand-over that counts. */
  boolean current() {
    return delivery.lease == this && delivery.state == Delivery.State.LEASED;
  }
}
