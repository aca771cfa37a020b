package org.osprey.coordinator.replica.projection;

import org.osprey.coordinator.replica.event.EventReader;
import org.osprey.coordinator.replica.event.EventStore;

/** Where a projection begins that nobody has ever run. */
sealed interface Start {

  /** The position behind which it begins. */
  long position(EventStore events);

  /** Behind a position that is known. */
  record Behind(long position) implements Start {
    public Behind {
      if (position < 0) {
        throw new IllegalArgumentException("startFrom must be at least 0, got " + position);
      }
    }

    @Override
    public long position(EventStore events) {
      return position;
    }
  }

  /** Behind the last event there is. */
  record Tail() implements Start {
    @Override
    public long position(EventStore events) {
      try (EventReader reader = events.reader(0)) {
        reader.horizon();
        return reader.last();
      }
    }
  }
}
