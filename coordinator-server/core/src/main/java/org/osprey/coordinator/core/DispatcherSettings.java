package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.Map;

/**
 * How the dispatcher behaves.
 *
 * @param sync room for accepted and unfinished SYNC deliveries
 * @param async room for accepted and unfinished ASYNC deliveries
 * @param leases how long a worker may hold an action
 * @param retries what happens to an action that was not handled
 * @param agedAfter an ASYNC action that waited longer gets a share although SYNC actions wait
 * @param agedShare one in this many hand-overs is that share
 * @param idleStream how long a stream may wait without an action before it is ended, so that its
 *     worker comes to look at its own clock; each stream draws its limit within a third of this
 * @param recent which outcomes are remembered, to answer replays
 */
public record DispatcherSettings(
    Bounds sync,
    Bounds async,
    Leases leases,
    Retries retries,
    Duration agedAfter,
    int agedShare,
    Duration idleStream,
    Recent recent) {

  public static final DispatcherSettings DEFAULTS =
      new DispatcherSettings(
          new Bounds(10_000, 64L << 20),
          new Bounds(20_000, 128L << 20),
          new Leases(Duration.ofSeconds(60), Map.of()),
          Retries.DEFAULTS,
          Duration.ofSeconds(30),
          20,
          Duration.ofSeconds(30));

  /** Replays are handled like any action. */
  public DispatcherSettings(
      Bounds sync,
      Bounds async,
      Leases leases,
      Retries retries,
      Duration agedAfter,
      int agedShare,
      Duration idleStream) {
    this(sync, async, leases, retries, agedAfter, agedShare, idleStream, Recent.OFF);
  }

  public DispatcherSettings {
    positive("agedAfter", agedAfter);
    positive("idleStream", idleStream);
    atLeast("agedShare", 1, agedShare);
  }

  /**
   * The room of one lane. A lane that holds nothing admits any one delivery, however large.
   *
   * @param bytes payloads and secrets, and {@link ActionQueue#OVERHEAD_BYTES} for each delivery
   */
  public record Bounds(int actions, long bytes) {
    public Bounds {
      atLeast("actions", 1, actions);
      atLeast("bytes", 1, bytes);
    }
  }

  /**
   * @param byName lease times of single action names; all others get {@code standard}
   */
  public record Leases(Duration standard, Map<String, Duration> byName) {
    public Leases {
      positive("lease time", standard);
      byName = Map.copyOf(byName);
      byName.forEach((name, time) -> positive("lease time of " + name, time));
    }

    long nanos(String actionName) {
      return (byName.isEmpty() ? standard : byName.getOrDefault(actionName, standard)).toNanos();
    }
  }

  /**
   * @param nacks after this many nacks an async action is given up
   * @param deaths after this many deaths of its worker or expired leases an action is given up
   * @param backoff the wait before the second try; doubles with each further one
   * @param maxBackoff the longest wait
   */
  public record Retries(int nacks, int deaths, Duration backoff, Duration maxBackoff) {
    public static final Retries DEFAULTS =
        new Retries(3, 5, Duration.ofMillis(500), Duration.ofSeconds(30));

    public Retries {
      atLeast("retries.nacks", 1, nacks);
      atLeast("retries.deaths", 1, deaths);
      positive("retries.backoff", backoff);
      if (maxBackoff.compareTo(backoff) < 0) {
        throw new IllegalArgumentException(
            "retries.maxBackoff is shorter than retries.backoff: %s < %s"
                .formatted(maxBackoff, backoff));
      }
    }

    /**
     * @param failures how often it failed so far, at least 1
     * @param random in [0, 1)
     * @return nanoseconds between half of the backoff and all of it
     */
    long delay(int failures, double random) {
      long first = backoff.toNanos();
      long longest = maxBackoff.toNanos();
      int doublings = Math.min(failures - 1, Long.SIZE - 1);
      // Compared this way round, nothing can overflow.
      long full = first > longest >> doublings ? longest : first << doublings;
      return (long) (full * (0.5 + random / 2));
    }
  }

  /**
   * The window in which a replay is known by its action id.
   *
   * @param actions handled actions to remember; 0 remembers none
   * @param bytes their verdicts
   * @param time how long each is remembered
   */
  public record Recent(int actions, long bytes, Duration time) {
    public static final Recent OFF = new Recent(0, 64L << 20, Duration.ofMinutes(10));

    public Recent {
      atLeast("recent.actions", 0, actions);
      atLeast("recent.bytes", 1, bytes);
      positive("recent.time", time);
    }

    boolean isOff() {
      return actions == 0;
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("%s must be positive, got %s".formatted(name, value));
    }
  }

  private static void atLeast(String name, long least, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, got %d".formatted(name, least, value));
    }
  }
}
