package org.osprey.coordinator.core;

import java.time.Duration;

/**
 * A loop at one moment.
 *
 * @param failures how often a step threw, since the start
 * @param failing whether the last step threw
 * @param sinceProgress since the last step that ended well, or since the start; zero for a loop
 *     that does not run
 * @param stuck whether that is longer than it may be
 */
public record LoopStats(
    String name, long failures, boolean failing, Duration sinceProgress, boolean stuck) {}
