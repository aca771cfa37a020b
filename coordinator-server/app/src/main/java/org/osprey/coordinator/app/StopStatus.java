package org.osprey.coordinator.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the process end with 0 when it was told to stop and has: whoever runs it as a service or in a
 * container takes the number of a signal for a failure. Only where a launcher asks for it, because
 * start.sh tells by that number who ended the coordinator.
 */
final class StopStatus {
  private static final Logger log = LoggerFactory.getLogger(StopStatus.class);

  /** Set to true by a launcher. */
  private static final String PROPERTY = "coordinator.stopIsSuccess";

  private StopStatus() {}

  static void applyIfAsked() {
    if (!Boolean.getBoolean(PROPERTY)) {
      return;
    }
    try {
      // The hooks that stop the coordinator run in there.
      Signals.on("TERM", () -> System.exit(0));
      Signals.on("INT", () -> System.exit(0));
    } catch (ReflectiveOperationException | LinkageError e) {
      log.debug("a stop ends with the number of its signal", e);
    }
  }
}
