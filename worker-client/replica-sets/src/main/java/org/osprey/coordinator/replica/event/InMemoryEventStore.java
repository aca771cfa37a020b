package org.osprey.coordinator.replica.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events in the memory of this process, for tests and trials. */
public final class InMemoryEventStore implements EventStore {
  private final InstantSource clock;

  /** Positions are one more than indexes. */
  @GuardedBy("this")
  private final List<PersistedEvent> events = new ArrayList<>();

  @GuardedBy("this")
  private final Map<String, Long> versions = new HashMap<>();

  public InMemoryEventStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized long append(String streamId, long expectedVersion, List<NewEvent> appended) {
    if (appended.isEmpty()) {
      throw new IllegalArgumentException("want at least one event for stream " + streamId);
    }
    long version = versions.getOrDefault(streamId, 0L);
    if (expectedVersion != ANY_VERSION && expectedVersion != version) {
      throw new WrongVersionException(streamId, expectedVersion);
    }
    for (NewEvent event : appended) {
      version++;
      events.add(
          new PersistedEvent(
              events.size() + 1L,
              streamId,
              version,
              Slots.slot(streamId),
              event.type(),
              event.data(),
              event.metadata(),
              clock.instant()));
    }
    versions.put(streamId, version);
    return version;
  }

  @Override
  public synchronized List<PersistedEvent> at(List<Long> positions) {
    List<PersistedEvent> found = new ArrayList<>();
    for (long position : positions) {
      if (position >= 1 && position <= events.size()) {
        found.add(events.get(Math.toIntExact(position - 1)));
      }
    }
    return found;
  }

  @Override
  public EventReader reader(long after) {
    return new Reader(after);
  }

  private synchronized long size() {
    return events.size();
  }

  private synchronized List<PersistedEvent> read(long after, long upTo, int limit, Slots slots) {
    return events.stream()
        .skip(after)
        .limit(Math.max(0, upTo - after))
        .filter(event -> slots.contains(event.slot()))
        .limit(limit)
        .toList();
  }

  /** There are no transactions, so there is nothing to wait for. */
  private final class Reader implements EventReader {
    private long horizon;

    private Reader(long after) {
      horizon = after;
    }

    @Override
    public long horizon() {
      horizon = Math.max(horizon, size());
      return horizon;
    }

    @Override
    public List<PersistedEvent> read(long after, int limit, Slots slots) {
      return InMemoryEventStore.this.read(after, horizon, limit, slots);
    }

    @Override
    public long last() {
      return horizon;
    }

    @Override
    public @Nullable Gap gap() {
      return null;
    }

    @Override
    public long deadPositions() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
