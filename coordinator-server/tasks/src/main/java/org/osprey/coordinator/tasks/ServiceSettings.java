package org.osprey.coordinator.tasks;

import java.net.URI;
import java.time.Duration;

/**
 * How one service of tasks is called.
 *
 * @param name the key of its items in a payload
 * @param url called with POST
 * @param batch what one call carries
 * @param timeout of one call, from the first byte sent to the last byte received
 * @param retries calls after the first one, for failures that may pass
 * @param firstBackoff wait before the first retry; doubles with each further one
 * @param longestBackoff upper bound of that wait, before jitter
 * @param totalTimeout from the first call on, after which nothing is tried any more
 * @param concurrency calls at a time
 */
public record ServiceSettings(
    String name,
    URI url,
    Batch batch,
    Duration timeout,
    int retries,
    Duration firstBackoff,
    Duration longestBackoff,
    Duration totalTimeout,
    int concurrency) {

  /** What one call carries: a JSON array of all items of a task, or of one. */
  public enum Batch {
    ALL,
    ITEM
  }

  /** With the usual times and counts. */
  public static ServiceSettings of(String name, URI url) {
    return new ServiceSettings(
        name,
        url,
        Batch.ALL,
        Duration.ofSeconds(30),
        3,
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofMinutes(10),
        64);
  }
}
