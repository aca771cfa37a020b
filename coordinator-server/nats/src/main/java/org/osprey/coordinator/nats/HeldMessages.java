package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Ticker;

/**
 * The messages that this process has and has not finished, whether they wait or are with workers.
 */
@ThreadSafe
final class HeldMessages {
  private final InFlight inFlight;
  private final FinishedMessages finished;
  private final Answers answers;
  private final Redelivery redelivery;
  private final Ticker ticker;
  private final ConcurrentMap<MessageKey, HeldMessage> byKey = new ConcurrentHashMap<>();

  HeldMessages(
      InFlight inFlight,
      FinishedMessages finished,
      Answers answers,
      Redelivery redelivery,
      Ticker ticker) {
    this.inFlight = inFlight;
    this.finished = finished;
    this.answers = answers;
    this.redelivery = redelivery;
    this.ticker = ticker;
  }

  @Nullable HeldMessage find(MessageKey key) {
    return byKey.get(key);
  }

  /** Takes room for it. */
  HeldMessage hold(Received message) {
    HeldMessage added = new HeldMessage(message, this, redelivery, ticker.nanos());
    inFlight.take(added.size());
    byKey.put(added.key(), added);
    return added;
  }

  /** Whether it was finished a short while ago, so that its ack must have been lost. */
  boolean wasFinished(MessageKey key) {
    return finished.contains(key);
  }

  /** Gives the room back; the first call counts. */
  void remove(HeldMessage message) {
    if (byKey.remove(message.key(), message)) {
      inFlight.giveBack(message.size());
    }
  }

  /** Before the message is removed, so that a redelivery finds it here or there. */
  void markFinished(MessageKey key) {
    finished.add(key);
  }

  Answers answers() {
    return answers;
  }

  Collection<HeldMessage> all() {
    return Collections.unmodifiableCollection(byKey.values());
  }

  /** How long the one that came first has been here; zero for none. */
  Duration oldest() {
    long now = ticker.nanos();
    long longest = 0;
    for (HeldMessage message : byKey.values()) {
      longest = Math.max(longest, now - message.since());
    }
    return Duration.ofNanos(longest);
  }

  /**
   * @return {@link Long#MAX_VALUE} for none
   */
  long lowestSequence() {
    return byKey.keySet().stream().mapToLong(MessageKey::sequence).min().orElse(Long.MAX_VALUE);
  }
}
