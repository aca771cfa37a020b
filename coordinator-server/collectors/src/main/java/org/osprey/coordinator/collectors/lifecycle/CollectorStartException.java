package org.osprey.coordinator.collectors.lifecycle;

/** A collector did not start, and the configuration says that nothing else shall then. */
public final class CollectorStartException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  CollectorStartException(String collector, String why) {
    super("collector %s %s, and its on_start_error is fail".formatted(collector, why));
  }
}
