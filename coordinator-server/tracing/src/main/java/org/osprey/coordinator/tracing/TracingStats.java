package org.osprey.coordinator.tracing;

/**
 * Counts since the start.
 *
 * @param exported spans that the receiver took
 * @param dropped spans that found no place, or that the receiver did not take
 * @param waiting spans that wait now
 */
public record TracingStats(long exported, long dropped, int waiting) {}
