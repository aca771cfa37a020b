package org.osprey.coordinator.core;

import java.time.Duration;

/** Where sources put deliveries. Safe for use by many threads. */
public interface Intake {

  /** What became of an offer. */
  enum Admission {
    /** The delivery's handle will hear its outcome. */
    ACCEPTED,
    /** No room in the lane, in actions or in bytes. Nothing was kept. */
    FULL,
    /** The coordinator is going away. Nothing was kept. */
    DRAINING
  }

  /** Never blocks. */
  Admission offer(Delivery delivery);

  /**
   * Blocks the calling thread until async deliveries have room again or the time is over.
   *
   * @return whether there is room
   */
  boolean awaitRoom(Duration atMost) throws InterruptedException;
}
