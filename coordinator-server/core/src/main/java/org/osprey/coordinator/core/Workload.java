package org.osprey.coordinator.core;

import java.time.Duration;

/**
 * What an autoscaler needs to know of one coordinator.
 *
 * @param queued actions that wait for a worker
 * @param oldest how long the next one in line has been here; zero when none waits
 * @param inFlight actions that are out at workers
 * @param streams connected worker streams
 * @param utilisation share of the streams that hold an action, 0 to 1; 0 when there is none
 */
public record Workload(
    int queued, Duration oldest, long inFlight, int streams, double utilisation) {

  public static Workload of(DispatcherStats stats) {
    Duration sync = stats.sync().oldest();
    Duration async = stats.async().oldest();
    int streams = stats.connected();
    return new Workload(
        stats.sync().waiting() + stats.async().waiting(),
        sync.compareTo(async) > 0 ? sync : async,
        stats.leased(),
        streams,
        streams == 0 ? 0 : (double) stats.credits().busyStreams() / streams);
  }

  /** Whether anything is there for workers to do. */
  public boolean active() {
    return queued + inFlight > 0;
  }
}
