package org.osprey.coordinator.tasks;

import java.net.URI;
import java.time.Duration;

/**
 * How one service of tasks is called.
 *
 * @param name the key of its items in a payload
 * @param destination who does it
 * @param batch what one call carries
 * @param timeout of one call, from the first byte sent to the last byte received
 * @param retries calls after the first one, for failures that may pass
 * @param firstBackoff wait before the first retry; doubles with each further one
 * @param longestBackoff upper bound of that wait, before jitter
 * @param totalTimeout from the first call on, after which nothing is tried any more
 * @param concurrency calls at a time
 * @param rate calls per second of this coordinator, in bursts of at most a second's; 0 for no bound
 * @param repeatUnknown whether a call is made again when nobody knows whether it was carried out:
 *     it had no whole answer, the service broke, or the coordinator died with it
 */
public record ServiceSettings(
    String name,
    Destination destination,
    Batch batch,
    Duration timeout,
    int retries,
    Duration firstBackoff,
    Duration longestBackoff,
    Duration totalTimeout,
    int concurrency,
    double rate,
    boolean repeatUnknown) {

  /** Who does what the calls ask for. */
  public sealed interface Destination {
    /**
     * A server.
     *
     * @param url called with POST
     */
    record Http(URI url) implements Destination {}

    /**
     * The workers of this coordinator.
     *
     * @param action the name of the actions they get
     */
    record Pool(String action) implements Destination {}
  }

  /** What one call carries: a JSON array of all items of a task, or of one. */
  public enum Batch {
    ALL,
    ITEM
  }

  /** Without a bound on the rate, and for a service that knows calls again by their key. */
  public ServiceSettings(
      String name,
      URI url,
      Batch batch,
      Duration timeout,
      int retries,
      Duration firstBackoff,
      Duration longestBackoff,
      Duration totalTimeout,
      int concurrency) {
    this(
        name,
        new Destination.Http(url),
        batch,
        timeout,
        retries,
        firstBackoff,
        longestBackoff,
        totalTimeout,
        concurrency,
        0,
        true);
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

  boolean callsWorkers() {
    return destination instanceof Destination.Pool;
  }
}
