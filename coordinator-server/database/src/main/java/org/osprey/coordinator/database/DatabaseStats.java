package org.osprey.coordinator.database;

/**
 * Counts since the start.
 *
 * @param queued pieces of work that wait now
 * @param written pieces of work that are committed
 * @param commits transactions that wrote them
 * @param failed pieces of work that failed, by themselves or with the database
 * @param retries transactions that failed and were tried again
 * @param refused pieces of work that found the queue full
 */
public record DatabaseStats(
    int queued, long written, long commits, long failed, long retries, long refused) {}
