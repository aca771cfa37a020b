package org.osprey.coordinator.collectors.flow;

/**
 * How the events of one collector are treated.
 *
 * @param bufferSize events that may wait in memory
 * @param ordered whether one worker alone serves it, which keeps its order
 * @param sample the share of events that is kept, above 0 and up to 1
 */
public record LaneSettings(int bufferSize, WhenFull whenFull, boolean ordered, double sample) {}
