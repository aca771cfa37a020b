package org.osprey.coordinator.collectors.nats;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nats.client.Connection;
import io.nats.client.Connection.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server complained about over the newest connection. It says so in the order in which it
 * reads, but the client tells us on a thread of its own.
 */
@ThreadSafe
final class ServerErrors {
  private static final Pattern REFUSED =
      Pattern.compile("(?i)permissions violation for publish to \"([^\"]+)\"");
  private static final int MOST_SUBJECTS = 1_000;

  @GuardedBy("this")
  private @Nullable Connection of;

  @GuardedBy("this")
  private long heard;

  @GuardedBy("this")
  private final Set<String> refused = new HashSet<>();

  @GuardedBy("this")
  private final Set<String> newlyRefused = new HashSet<>();

  synchronized void heard(Connection connection, String error) {
    if (of != null && !connection.equals(of) && of.getStatus() != Status.CLOSED) {
      return;
    }
    begin(connection);
    heard++;
    Matcher matcher = REFUSED.matcher(error);
    if (matcher.find() && newlyRefused.size() < MOST_SUBJECTS) {
      newlyRefused.add(matcher.group(1));
      if (refused.size() < MOST_SUBJECTS) {
        refused.add(matcher.group(1));
      }
    }
    notifyAll();
  }

  /**
   * The subjects that the server refused to take from us since the last time.
   *
   * @param atMost how long to wait for what the client has got and not told yet
   */
  synchronized Set<String> takeRefused(Connection connection, Duration atMost)
      throws InterruptedException {
    begin(connection);
    long end = System.nanoTime() + atMost.toNanos();
    long told = connection.getStatistics().getErrs();
    while (heard < told && end - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
    }
    // Not waited for again.
    heard = Math.max(heard, told);
    Set<String> taken = Set.copyOf(newlyRefused);
    newlyRefused.clear();
    return taken;
  }

  /** Whether it refused a subject that begins so. */
  synchronized boolean isRefused(Connection connection, String beginning) {
    begin(connection);
    return refused.stream().anyMatch(subject -> subject.startsWith(beginning));
  }

  @GuardedBy("this")
  private void begin(Connection connection) {
    if (!connection.equals(of)) {
      of = connection;
      heard = 0;
      refused.clear();
      newlyRefused.clear();
    }
  }
}
