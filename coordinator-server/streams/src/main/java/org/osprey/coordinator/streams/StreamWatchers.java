package org.osprey.coordinator.streams;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.SubscriberCounts;

/** Who watches a stream, and when each was heard of last; in nanoseconds of a ticker. */
final class StreamWatchers {
  private final Map<Key, Long> heardOf = new HashMap<>(2);

  /** A connection of a client, which may have several. */
  private record Key(String clientId, String sourceAddr) {}

  boolean isEmpty() {
    return heardOf.isEmpty();
  }

  int count() {
    return heardOf.size();
  }

  /** The watcher is there, known before or not. */
  void hear(String clientId, String sourceAddr, long now) {
    heardOf.put(new Key(clientId, sourceAddr), now);
  }

  /** All connections of the client are there; false when there are none. */
  boolean hearAll(String clientId, long now) {
    boolean any = false;
    for (Map.Entry<Key, Long> entry : heardOf.entrySet()) {
      if (entry.getKey().clientId().equals(clientId)) {
        entry.setValue(now);
        any = true;
      }
    }
    return any;
  }

  /**
   * @param sourceAddr null for all connections of the client
   */
  void remove(String clientId, @Nullable String sourceAddr) {
    if (sourceAddr != null) {
      heardOf.remove(new Key(clientId, sourceAddr));
    } else {
      heardOf.keySet().removeIf(key -> key.clientId().equals(clientId));
    }
  }

  /** Whether there was any who was not heard of since then. */
  boolean removeSilent(long since) {
    return heardOf.values().removeIf(last -> last - since <= 0);
  }

  /** How many were not heard of since then. */
  long stale(long staleSince) {
    return heardOf.values().stream().filter(last -> last - staleSince <= 0).count();
  }

  void addClients(Set<String> clients) {
    heardOf.keySet().forEach(key -> clients.add(key.clientId()));
  }

  SubscriberCounts counts(long staleSince) {
    long stale = stale(staleSince);
    Set<String> clients = new HashSet<>();
    addClients(clients);
    return SubscriberCounts.newBuilder()
        .setTotal(heardOf.size())
        .setActive(heardOf.size() - stale)
        .setStale(stale)
        .setUniqueClients(clients.size())
        .build();
  }
}
