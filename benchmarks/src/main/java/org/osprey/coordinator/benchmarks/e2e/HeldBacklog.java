package org.osprey.coordinator.benchmarks.e2e;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.event.EventReader;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.Slots;

/** A store whose events cannot be seen until it is opened, so that all workers begin at once. */
final class HeldBacklog implements EventStore {
  private final EventStore store;
  private volatile boolean open;

  HeldBacklog(EventStore store) {
    this.store = store;
  }

  void open() {
    open = true;
  }

  @Override
  public long append(String streamId, long expectedVersion, List<NewEvent> events) {
    return store.append(streamId, expectedVersion, events);
  }

  @Override
  public List<PersistedEvent> at(List<Long> positions) {
    return store.at(positions);
  }

  @Override
  public EventReader reader(long after) {
    return new Reader(store.reader(after), after);
  }

  private final class Reader implements EventReader {
    private final EventReader reader;
    private final long after;

    private Reader(EventReader reader, long after) {
      this.reader = reader;
      this.after = after;
    }

    @Override
    public long horizon() {
      return open ? reader.horizon() : after;
    }

    @Override
    public List<PersistedEvent> read(long behind, int limit, Slots slots) {
      return reader.read(behind, limit, slots);
    }

    @Override
    public long last() {
      return reader.last();
    }

    @Override
    public @Nullable Gap gap() {
      return reader.gap();
    }

    @Override
    public long deadPositions() {
      return reader.deadPositions();
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
