package org.osprey.coordinator.streams;

import java.util.function.LongConsumer;
import org.osprey.coordinator.core.TimerWheel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something to do at a time, on the shard's thread. */
final class Alarm extends TimerWheel.Timer {
  private static final Logger log = LoggerFactory.getLogger(Alarm.class);

  private final LongConsumer action;
  private final LongConsumer otherwise;

  /**
   * @param action is given the time, which is not before the one that was set
   * @param otherwise what is done when the action throws
   */
  Alarm(LongConsumer action, LongConsumer otherwise) {
    this.action = action;
    this.otherwise = otherwise;
  }

  void ring(long now) {
    try {
      action.accept(now);
    } catch (RuntimeException e) {
      log.error("alarm failed", e);
      otherwise.accept(now);
    }
  }
}
