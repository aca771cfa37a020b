package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where sources put deliveries. Safe for use by many threads. */
public interface Intake {
  /**
   * Bounds how long others wait for a batch: at less than a microsecond each, it is over before a
   * caller could notice.
   */
  int LARGEST_BATCH = 32;

  /** What became of an offer. */
  enum Admission {
    /** The delivery's handle will hear its outcome. */
    ACCEPTED,
    /**
     * No room in the lane, in actions or in bytes, or a line so long that the caller's answer would
     * come too late. Nothing was kept.
     */
    FULL,
    /** The coordinator is going away. Nothing was kept. */
    DRAINING
  }

  /**
   * What became of a batch.
   *
   * @param accepted how many were accepted, from the first on; of the others nothing was kept
   * @param last why there are others, or ACCEPTED when there are none
   */
  record BatchAdmission(int accepted, Admission last) {}

  /** Never blocks. */
  Admission offer(Delivery delivery);

  /**
   * Offers one after the other until one is not accepted. Cheaper than to offer each alone. Never
   * blocks.
   *
   * @param deliveries at most {@link #LARGEST_BATCH}; not kept
   */
  BatchAdmission offer(List<Delivery> deliveries);

  /**
   * Blocks the calling thread until async deliveries have room again or the time is over.
   *
   * @return whether there is room
   */
  boolean awaitRoom(Duration atMost) throws InterruptedException;

  /** Begins the traces of what is offered here; null, always, when nothing is traced. */
  default @Nullable Tracer tracer() {
    return null;
  }
}
