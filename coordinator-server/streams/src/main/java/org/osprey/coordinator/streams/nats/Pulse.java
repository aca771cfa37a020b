package org.osprey.coordinator.streams.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Message;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Ticker;

/**
 * Whether the server takes what it is sent. The client does not say: it takes messages for a server
 * that is stuck until its queue is full, and then holds up who sends.
 */
@ThreadSafe
final class Pulse {
  private final Ticker ticker;
  private final Duration stalledAfter;
  private final TransportCounts counts;
  private final Outage outage = new Outage(NatsTransport.COMPONENT);

  private volatile boolean steady;

  /** Which echo counts. */
  private final AtomicLong number = new AtomicLong();

  /** Whether that one is waited for. */
  private volatile boolean open;

  /** Belongs to the loop. */
  private long askedAt;

  /** Belongs to the loop. */
  private boolean stalled;

  Pulse(Ticker ticker, Duration stalledAfter, TransportCounts counts) {
    this.ticker = ticker;
    this.stalledAfter = stalledAfter;
    this.counts = counts;
  }

  boolean isSteady() {
    return steady;
  }

  /** What is wrong, or null. */
  @Nullable String trouble() {
    return outage.trouble();
  }

  /** There is no connection. For the loop, or after its end. */
  void stop() {
    forget();
    steady = false;
  }

  /** The connection was interrupted: the echo that is waited for will not come. */
  void forget() {
    number.incrementAndGet();
    open = false;
  }

  /** Something could not be sent. */
  void stumble() {
    steady = false;
  }

  /** For the loop, over and over. */
  void beat(Session session) {
    if (!open) {
      ask(session);
    } else if (!stalled && ticker.nanos() - askedAt > stalledAfter.toNanos()) {
      stalled = true;
      steady = false;
      counts.stalls.increment();
      outage.report("NATS has not answered for %d ms".formatted(stalledAfter.toMillis()));
    }
  }

  private void ask(Session session) {
    long asked = number.incrementAndGet();
    askedAt = ticker.nanos();
    stalled = false;
    open = true;
    CompletionStage<Message> echo = session.echo();
    echo.whenComplete((answer, failure) -> answered(asked, failure == null));
  }

  /** An echo that was given up says nothing. */
  private void answered(long asked, boolean came) {
    if (asked != number.get()) {
      return;
    }
    steady = came;
    open = false;
    if (came) {
      outage.report(null);
    }
  }
}
