package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/** The room of the queue, and what old asynchronous actions get of the hand-overs. */
public record QueueConfig(
    LaneConfig sync,
    LaneConfig async,
    Duration agedAfter,
    int agedShare,
    @Variable("MAX_TIME_TO_SEND_TO_ASYNC_QUEUE_MS") Duration roomWait) {

  /** Longer waits without a poll would cost a Kafka source its membership in the group. */
  private static final Duration LONGEST_ROOM_WAIT = Duration.ofSeconds(30);

  public QueueConfig {
    new Rules()
        .positive(agedAfter, "agedAfter")
        .atLeast(1, agedShare, "agedShare")
        .that(
            roomWait.isPositive() && roomWait.compareTo(LONGEST_ROOM_WAIT) <= 0,
            roomWait,
            "a duration from 1ms to 30s",
            "roomWait")
        .check();
  }

  /** The room of one lane; whichever bound is reached first counts. */
  public record LaneConfig(int actions, ByteSize bytes) {

    public LaneConfig {
      new Rules().atLeast(1, actions, "actions").positive(bytes, "bytes").check();
    }

    Bounds bounds() {
      return new Bounds(actions, bytes.bytes());
    }
  }
}
