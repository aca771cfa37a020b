package org.osprey.coordinator.core;

/**
 * How long the actions of one lane took.
 *
 * @param queued from their arrival, or from when they were due, to their first hand-over
 * @param outstanding from their arrival to their end
 */
public record DurationStats(HistogramStats queued, HistogramStats outstanding) {}
