package org.osprey.coordinator.streams.gateway;

import java.time.Duration;

/**
 * How clients watch streams over HTTP.
 *
 * @param maxWatchers how many may watch at a time, WebSockets and event streams together
 * @param pingEvery how often a WebSocket is asked for a sign of life; silence after which an event
 *     stream gets a comment
 * @param heartbeatEvery how often a stream hears of each of its watchers that lives; one that gives
 *     no sign of life for three times as long is cut
 * @param stuckAfter a watcher that does not take its message for so long is cut
 */
public record GatewaySettings(
    int maxWatchers, Duration pingEvery, Duration heartbeatEvery, Duration stuckAfter) {
  /** A longer one than every proxy's and every stream's patience makes no sense. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final int HEARTBEATS_OF_SILENCE = 3;

  public static final GatewaySettings DEFAULTS =
      new GatewaySettings(
          10_000, Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(30));

  /**
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  public GatewaySettings {
    if (maxWatchers < 1) {
      throw new IllegalArgumentException("maxWatchers: want at least 1, got " + maxWatchers);
    }
    inBounds("pingEvery", pingEvery);
    inBounds("heartbeatEvery", heartbeatEvery);
    inBounds("stuckAfter", stuckAfter);
    if (pingEvery.compareTo(heartbeatEvery) > 0) {
      throw new IllegalArgumentException(
          "pingEvery: want at most heartbeatEvery (%s), got %s"
              .formatted(heartbeatEvery, pingEvery));
    }
  }

  /** Silence after which a watcher counts as gone, here and with its stream. */
  Duration silentAfter() {
    return heartbeatEvery.multipliedBy(HEARTBEATS_OF_SILENCE);
  }

  private static void inBounds(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(100)) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s: want 100ms to 1h, got %d ms".formatted(name, value.toMillis()));
    }
  }
}
