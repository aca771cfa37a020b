package org.osprey.coordinator.http;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetterOperations;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.Sources;

/**
 * What an operator sees of a coordinator and can do to it.
 *
 * @param deadLetters null when they are kept nowhere
 * @param checks the health of every part
 * @param consumerType the sources, as {@code OSPREY_COORDINATOR_CONSUMER_TYPE} names them
 * @param drain lets the coordinator finish and stop; returns at once
 */
public record Operator(
    Dispatcher dispatcher,
    Sources sources,
    @Nullable DeadLetterOperations deadLetters,
    Supplier<List<Check>> checks,
    Supplier<Phase> phase,
    String consumerType,
    Runnable drain) {

  /** Where a coordinator is in its life. */
  public enum Phase {
    STARTING,
    RUNNING,
    DRAINING
  }
}
