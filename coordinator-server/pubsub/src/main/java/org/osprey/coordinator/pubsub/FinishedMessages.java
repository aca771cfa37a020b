package org.osprey.coordinator.pubsub;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osprey.coordinator.core.Ticker;

/**
 * Messages that are finished, but whose ack may not have counted. When such a one comes again, only
 * its ack was lost, and it must not be handled twice. All others are forgotten at once, so that a
 * subscription can be rewound. Too many, or too old ones, are forgotten too.
 */
@ThreadSafe
final class FinishedMessages {
  private final int bound;
  private final Duration longestAge;
  private final Ticker ticker;

  /** When each was finished, in ticker nanoseconds and in that order. */
  @GuardedBy("this")
  private final Map<String, Long> finished = new LinkedHashMap<>();

  FinishedMessages(int bound, Duration longestAge, Ticker ticker) {
    this.bound = bound;
    this.longestAge = longestAge;
    this.ticker = ticker;
  }

  synchronized void add(String id) {
    finished.putIfAbsent(id, ticker.nanos());
    forgetOld();
  }

  synchronized boolean contains(String id) {
    forgetOld();
    return finished.containsKey(id);
  }

  /** It will not come again, or if it does, somebody wants it handled once more. */
  synchronized void forget(String id) {
    finished.remove(id);
  }

  synchronized int size() {
    return finished.size();
  }

  @GuardedBy("this")
  private void forgetOld() {
    long now = ticker.nanos();
    Iterator<Long> oldest = finished.values().iterator();
    while (oldest.hasNext()) {
      long at = oldest.next();
      if (finished.size() <= bound && now - at < longestAge.toNanos()) {
        return;
      }
      oldest.remove();
    }
  }
}
