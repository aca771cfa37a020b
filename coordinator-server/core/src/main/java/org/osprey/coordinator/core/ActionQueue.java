package org.osprey.coordinator.core;

import org.jspecify.annotations.Nullable;

/**
 * The two lanes: their room, their order, and which of them is next. Not thread-safe: the
 * dispatcher's lock guards it.
 */
final class ActionQueue {
  /**
   * What a queued delivery takes beyond payload and secret, in bytes: the objects around them, as
   * measured with a million queued (see benchmarks).
   */
  static final long OVERHEAD_BYTES = 280;

  private final LaneQueue sync;
  private final LaneQueue async;
  private final long agedAfterNanos;
  private final int agedShare;

  /** Hand-overs that went past an aged async action since the last that did not. */
  private int passedOver;

  ActionQueue(DispatcherSettings settings) {
    sync = new LaneQueue(settings.sync());
    async = new LaneQueue(settings.async());
    agedAfterNanos = settings.agedAfter().toNanos();
    agedShare = settings.agedShare();
  }

  LaneQueue lane(Lane lane) {
    return switch (lane) {
      case SYNC -> sync;
      case ASYNC -> async;
    };
  }

  /**
   * Takes out the action that such a worker gets next: sync before async, but for the share of aged
   * async ones.
   */
  @Nullable Delivery take(ActionNames names, boolean syncOnly, long now) {
    Delivery first = sync.peek(names);
    Delivery second = syncOnly ? null : async.peek(names);
    Delivery chosen = first == null || overdue(second, now) ? second : first;
    if (chosen != null) {
      lane(chosen.lane()).handOver(chosen, now);
    }
    return chosen;
  }

  private boolean overdue(@Nullable Delivery second, long now) {
    if (second == null || now - second.offeredAt < agedAfterNanos) {
      return false;
    }
    if (++passedOver < agedShare) {
      return false;
    }
    passedOver = 0;
    return true;
  }
}
