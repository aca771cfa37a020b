package org.osprey.coordinator.pubsub;

import java.time.Duration;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.core.Ticker;

/**
 * Messages that cannot go on now because something of ours is down, and are nacked after a rest: a
 * subscription without a retry policy would give them back at once, over and over. They stay leased
 * meanwhile, so the flow control bounds them.
 */
final class Returns {
  private static final Duration REST = Duration.ofSeconds(5);

  private final Ticker ticker;
  private final DelayQueue<Resting> resting = new DelayQueue<>();

  Returns(Ticker ticker) {
    this.ticker = ticker;
  }

  /** From any thread. */
  void nackLater(HeldMessage message) {
    resting.add(new Resting(message, ticker.nanos() + REST.toNanos()));
  }

  void nackDue() {
    for (Resting next = resting.poll(); next != null; next = resting.poll()) {
      next.message.nack();
    }
  }

  private final class Resting implements Delayed {
    private final HeldMessage message;
    private final long due;

    private Resting(HeldMessage message, long due) {
      this.message = message;
      this.due = due;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - ticker.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
