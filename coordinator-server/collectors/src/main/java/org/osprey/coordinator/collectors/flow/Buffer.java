package org.osprey.coordinator.collectors.flow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Route.Kind;

/**
 * The events of one collector that wait, a ring for each kind of receiver, so that one receiver
 * without room does not hold up what goes to the other. Not thread-safe.
 */
final class Buffer {
  private final Ring subjects = new Ring();
  private final Ring actions = new Ring();

  int count() {
    return subjects.count() + actions.count();
  }

  long bytes() {
    return subjects.bytes() + actions.bytes();
  }

  Ring of(Kind kind) {
    return switch (kind) {
      case SUBJECT -> subjects;
      case ACTION -> actions;
    };
  }

  /** The oldest of all. */
  Encoded takeOldest() {
    return oldest().take();
  }

  /**
   * The oldest of all, in order.
   *
   * @param bytes of bodies together, at most; one event is taken in any case
   */
  List<Encoded> takeOldest(long bytes) {
    List<Encoded> taken = new ArrayList<>();
    long rest = bytes;
    while (count() > 0) {
      Ring ring = oldest();
      Encoded next = ring.peek();
      if (next == null || (!taken.isEmpty() && next.body().length > rest)) {
        return taken;
      }
      rest -= next.body().length;
      taken.add(ring.take());
    }
    return taken;
  }

  private Ring oldest() {
    @Nullable Encoded subject = subjects.peek();
    @Nullable Encoded action = actions.peek();
    if (subject == null) {
      return actions;
    }
    return action == null || subject.seq() < action.seq() ? subjects : actions;
  }
}
