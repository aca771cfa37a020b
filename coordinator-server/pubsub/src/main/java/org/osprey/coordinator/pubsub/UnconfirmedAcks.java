package org.osprey.coordinator.pubsub;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Messages that are finished, but whose ack the service has not confirmed. When such a one comes
 * again, only its ack was lost, and it must not be handled twice. Confirmed ones are forgotten, so
 * that a subscription can be rewound. Beyond the bound the oldest is forgotten.
 */
@ThreadSafe
final class UnconfirmedAcks {
  private final int bound;

  @GuardedBy("this")
  private final Set<String> ids = new LinkedHashSet<>();

  UnconfirmedAcks(int bound) {
    this.bound = bound;
  }

  synchronized void add(String id) {
    if (ids.add(id) && ids.size() > bound) {
      Iterator<String> oldest = ids.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  synchronized boolean contains(String id) {
    return ids.contains(id);
  }

  synchronized void confirmed(String id) {
    ids.remove(id);
  }

  synchronized int size() {
    return ids.size();
  }
}
