package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashSet;

/**
 * The messages that were finished last. Acks are not confirmed, so one that the server did not get
 * comes again; it is acked again instead of being handled twice.
 */
@ThreadSafe
final class FinishedMessages {
  private final int capacity;

  @GuardedBy("this")
  private final LinkedHashSet<MessageKey> keys = new LinkedHashSet<>();

  FinishedMessages(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(MessageKey key) {
    if (keys.add(key) && keys.size() > capacity) {
      keys.removeFirst();
    }
  }

  synchronized boolean contains(MessageKey key) {
    return keys.contains(key);
  }

  /** Somebody made the consumer anew to have everything handled once more. */
  synchronized void clear() {
    keys.clear();
  }
}
