package org.osprey.coordinator.replica.member;

import java.time.Duration;

/**
 * How a worker takes part.
 *
 * @param replicaSet its name: those who give the same share the work
 * @param worker names this worker among the others
 * @param heartbeat how often it says that it lives
 * @param stale who has not said so for this long is dead to the others
 * @param coordination how long the others wait for one who does not stop what he did
 * @param handler without progress for so long a worker counts as dead though it lives
 */
public record MemberSettings(
    String replicaSet,
    String worker,
    Duration heartbeat,
    Duration stale,
    Duration coordination,
    Duration handler) {
  /** A worker stops by itself so many heartbeats before it is dead to the others. */
  private static final int MARGIN = 2;

  private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration DEFAULT_STALE = Duration.ofSeconds(30);
  private static final Duration DEFAULT_COORDINATION = Duration.ofSeconds(60);
  private static final Duration DEFAULT_HANDLER = Duration.ofMinutes(5);

  public MemberSettings {
    if (replicaSet.isBlank()) {
      throw new IllegalArgumentException("replicaSet must not be empty");
    }
    if (worker.isBlank()) {
      throw new IllegalArgumentException("worker must not be empty");
    }
    positive("heartbeatInterval", heartbeat);
    positive("coordinationTimeout", coordination);
    positive("handlerTimeout", handler);
    if (stale.compareTo(heartbeat.multipliedBy(MARGIN + 1L)) < 0) {
      throw new IllegalArgumentException(
          "staleWorkerTimeout must be at least %d heartbeatIntervals (%s), got %s"
              .formatted(MARGIN + 1, heartbeat.multipliedBy(MARGIN + 1L), stale));
    }
  }

  public static MemberSettings of(String replicaSet, String worker) {
    return new MemberSettings(
        replicaSet,
        worker,
        DEFAULT_HEARTBEAT,
        DEFAULT_STALE,
        DEFAULT_COORDINATION,
        DEFAULT_HANDLER);
  }

  MemberProtocol.Timing timing() {
    return new MemberProtocol.Timing(
        stale.minus(heartbeat.multipliedBy(MARGIN)).toNanos(),
        coordination.toNanos(),
        handler.toNanos());
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(
          "%s must be longer than nothing, got %s".formatted(name, value));
    }
  }
}
