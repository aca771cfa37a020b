package org.osprey.coordinator.collectors.lifecycle;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param slowStart when a start counts as unhealthy
 * @param start when it is given up
 * @param lastEvents how long a collector that is being closed may still emit
 * @param close from the call to the end of its last thread
 * @param healthEvery how often it is asked for its health
 * @param healthAnswer when one that has not answered counts as unhealthy
 * @param firstPause before it starts again after a failure; twice as long with each one
 * @param longestPause at most
 * @param well when it ran for so long, failures before do not count any more
 * @param turn how often each is looked at, at least
 */
record LifecycleLimits(
    Duration slowStart,
    Duration start,
    Duration lastEvents,
    Duration close,
    Duration healthEvery,
    Duration healthAnswer,
    Duration firstPause,
    Duration longestPause,
    Duration well,
    Duration turn) {

  static final LifecycleLimits DEFAULTS =
      new LifecycleLimits(
          Duration.ofSeconds(3),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMillis(100));
}
