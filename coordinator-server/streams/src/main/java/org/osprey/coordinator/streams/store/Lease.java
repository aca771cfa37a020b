package org.osprey.coordinator.streams.store;

import org.osprey.coordinator.streams.Hold;

/**
 * What is known of a partition that this coordinator has.
 *
 * @param until ticker nanoseconds
 * @param told whether the listener knows of it
 */
record Lease(Hold hold, long until, boolean told) {

  boolean over(long now) {
    return until - now <= 0;
  }

  Lease renewedUntil(long later) {
    return new Lease(hold, later, told);
  }

  Lease toldNow() {
    return new Lease(hold, until, true);
  }
}
