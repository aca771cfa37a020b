package org.osprey.coordinator.collectors.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.nats.Confirmations.Mark;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsConnection;

/**
 * Confirms events without acks: a PING goes the way they went, and when the server answers it has
 * read them. One loop does so for all channels, as often as there is something to confirm. It also
 * has the channels look at the time, and at another connection.
 */
@ThreadSafe
final class Confirmer implements Supervised {
  private static final Duration STUCK_AFTER = Duration.ofMinutes(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** A PING for each event would be more work than the events. */
  private static final Duration BETWEEN_PINGS = Duration.ofMillis(1);

  private static final Duration ERRORS_WITHIN = Duration.ofMillis(500);

  private final NatsConnection connection;
  private final ServerErrors errors;
  private final Collection<NatsChannel> channels;
  private final Runnable look;
  private final Ticker ticker;
  private final SupervisedLoop loop;
  private final Signal signal = new Signal();

  // These belong to the loop.
  private @Nullable Connection last;
  private long wokenAt;

  /** Something to confirm. */
  private record Open(NatsChannel channel, Mark mark) {}

  /**
   * @param channels those that are open, safe to read at any time
   * @param look has all channels look at the time and at their connection
   */
  Confirmer(
      NatsConnection connection,
      ServerErrors errors,
      Collection<NatsChannel> channels,
      Runnable look,
      Ticker ticker) {
    this.connection = connection;
    this.errors = errors;
    this.channels = channels;
    this.look = look;
    this.ticker = ticker;
    loop = new SupervisedLoop("collectors-nats-confirm", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** There is something to confirm. */
  void wake() {
    signal.wake();
  }

  private void step() throws InterruptedException {
    Connection current = connection.current();
    wakeChannels(current);
    List<Open> open = current == null ? List.of() : open(current);
    if (current == null || open.isEmpty()) {
      signal.await(LOOK_EVERY);
      return;
    }
    if (answers(current)) {
      Set<String> refused = errors.takeRefused(current, ERRORS_WITHIN);
      for (Open one : open) {
        one.channel.confirm(one.mark, refused);
      }
    }
    LockSupport.parkNanos(this, BETWEEN_PINGS.toNanos());
  }

  private void wakeChannels(@Nullable Connection current) {
    long now = ticker.nanos();
    if (Objects.equals(current, last) && now - wokenAt < LOOK_EVERY.toNanos()) {
      return;
    }
    last = current;
    wokenAt = now;
    look.run();
  }

  private List<Open> open(Connection current) {
    List<Open> open = new ArrayList<>();
    for (NatsChannel channel : channels) {
      Mark mark = channel.open(current);
      if (mark != null) {
        open.add(new Open(channel, mark));
      }
    }
    return open;
  }

  /**
   * Unlike a flush this returns normally only when the server did answer.
   *
   * @return false when it did not, or the connection ended; the client itself notices
   */
  private static boolean answers(Connection current) {
    try {
      Duration unused = current.RTT();
      return true;
    } catch (IOException | IllegalStateException e) {
      return false;
    }
  }
}
