package org.osprey.coordinator.streams;

import java.time.Duration;

/**
 * How streams are run.
 *
 * @param shards threads that share the streams
 * @param stale silence after which a watcher counts as gone
 * @param sweep how often is looked for such watchers
 * @param grace how long the clock of a stream goes on after its last watcher has left, where its
 *     configuration does not say
 * @param idleRemoval how long a stream stays that nobody watches any more
 * @param neverWatched how long a stream stays that nobody has watched yet
 * @param commandRate commands that one stream takes a second; twice as many at once
 * @param maxStreams of this coordinator
 * @param maxWatchers of all its streams together
 */
public record StreamSettings(
    int shards,
    Duration stale,
    Duration sweep,
    Duration grace,
    Duration idleRemoval,
    Duration neverWatched,
    int commandRate,
    int maxStreams,
    int maxWatchers) {
  public static final StreamSettings DEFAULTS =
      new StreamSettings(
          2,
          Duration.ofSeconds(90),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(300),
          100,
          100_000,
          1_000_000);

  public StreamSettings {
    if (shards < 1 || shards > Hold.PARTITIONS) {
      throw new IllegalArgumentException(
          "streams.shards must be from 1 to %d, got %d".formatted(Hold.PARTITIONS, shards));
    }
  }
}
