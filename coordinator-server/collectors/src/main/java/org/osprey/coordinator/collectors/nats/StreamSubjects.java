package org.osprey.coordinator.collectors.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsConnection;
import org.osprey.coordinator.nats.SubjectPattern;

/**
 * Which subjects streams take. One loop asks after each connect, every so often, and when a stream
 * seems to be gone. What was known stays known while nobody answers.
 */
@ThreadSafe
final class StreamSubjects implements Supervised {
  private static final Duration STUCK_AFTER = Duration.ofMinutes(1);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration ASK_AT_MOST_EVERY = Duration.ofSeconds(1);
  private static final Duration ASK_EVERY = Duration.ofSeconds(30);

  /** JetStream is off, for all or for this account. */
  private static final Set<Integer> OFF = Set.of(10039, 10076);

  private static final String NO_RESPONDERS = "503";

  private final NatsConnection connection;
  private final ServerErrors errors;
  private final Runnable changed;
  private final Ticker ticker;
  private final SupervisedLoop loop;
  private final Signal signal = new Signal();

  private volatile @Nullable Snapshot snapshot;
  private volatile boolean wanted = true;
  private volatile @Nullable String trouble;

  // These belong to the loop.
  private @Nullable Connection asked;
  private long askedAt;

  /** The patterns of all streams at a time. */
  static final class Snapshot {
    private final List<SubjectPattern> patterns;

    Snapshot(List<SubjectPattern> patterns) {
      this.patterns = patterns;
    }

    boolean takes(String subject) {
      return patterns.stream().anyMatch(pattern -> pattern.matches(subject));
    }
  }

  /**
   * @param changed run when there is another snapshot
   */
  StreamSubjects(NatsConnection connection, ServerErrors errors, Runnable changed, Ticker ticker) {
    this.connection = connection;
    this.errors = errors;
    this.changed = changed;
    this.ticker = ticker;
    loop = new SupervisedLoop("collectors-nats-streams", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** Null until somebody answered. */
  @Nullable Snapshot now() {
    return snapshot;
  }

  /** Why nobody knows, or null. */
  @Nullable String trouble() {
    return snapshot == null ? trouble : null;
  }

  /** Something has changed, it seems. */
  void askSoon() {
    wanted = true;
    signal.wake();
  }

  private void step() throws InterruptedException {
    Connection current = connection.current();
    if (current != null && isDue(current)) {
      wanted = false;
      asked = current;
      askedAt = ticker.nanos();
      ask(current);
    }
    signal.await(LOOK_EVERY);
  }

  private boolean isDue(Connection current) {
    long age = ticker.nanos() - askedAt;
    return !current.equals(asked)
        || age > ASK_EVERY.toNanos()
        || (wanted && age > ASK_AT_MOST_EVERY.toNanos());
  }

  private void ask(Connection current) {
    try {
      JetStreamOptions options = JetStreamOptions.builder().requestTimeout(ANSWER_WITHIN).build();
      found(
          current.jetStreamManagement(options).getStreams().stream()
              .map(StreamInfo::getConfiguration)
              .flatMap(configuration -> configuration.getSubjects().stream())
              .map(SubjectPattern::of)
              .distinct()
              .toList());
    } catch (JetStreamApiException e) {
      failed(OFF.contains(e.getApiErrorCode()), e);
    } catch (IOException e) {
      boolean off =
          !current.getServerInfo().isJetStreamAvailable()
              || String.valueOf(e.getMessage()).contains(NO_RESPONDERS);
      failed(off || errors.isRefused(current, "$JS.API.STREAM."), e);
    } catch (IllegalStateException e) {
      // The connection broke.
      wanted = true;
    }
  }

  /**
   * @param off whether there is no JetStream for us, as far as can be seen; while it starts it
   *     looks the same
   */
  private void failed(boolean off, Exception failure) {
    wanted = true;
    if (off && snapshot == null) {
      found(List.of());
    }
    trouble = "does not tell its streams: " + failure.getMessage();
  }

  private void found(List<SubjectPattern> patterns) {
    Snapshot known = snapshot;
    if (known == null || !known.patterns.equals(patterns)) {
      snapshot = new Snapshot(patterns);
      changed.run();
    }
  }
}
