package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;

/** The room of the queue, and what old asynchronous actions get of the hand-overs. */
public record QueueConfig(LaneConfig sync, LaneConfig async, Duration agedAfter, int agedShare) {

  public QueueConfig {
    new Rules().positive(agedAfter, "agedAfter").atLeast(1, agedShare, "agedShare").check();
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
