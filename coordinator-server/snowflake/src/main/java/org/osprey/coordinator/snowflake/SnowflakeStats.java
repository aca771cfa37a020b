package org.osprey.coordinator.snowflake;

/**
 * @param fromService ids of the service that were handed out
 * @param local ids made here, because none of the service was at hand
 * @param failures fetches that failed
 * @param buffered ids at hand
 */
public record SnowflakeStats(long fromService, long local, long failures, int buffered) {}
