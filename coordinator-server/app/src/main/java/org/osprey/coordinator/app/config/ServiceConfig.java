package org.osprey.coordinator.app.config;

import java.net.URI;
import java.time.Duration;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Scalars;
import org.osprey.coordinator.settings.Variable;

/**
 * One service of tasks.
 *
 * @param url of a server; unused beside {@code pool}
 * @param pool the name of the actions that workers get; empty for a server
 * @param rate calls per second; 0 for no bound
 */
public record ServiceConfig(
    @Variable("*_SERVICE_URL") String url,
    String pool,
    Batch batch,
    Duration timeout,
    int retries,
    Duration backoff,
    Duration maxBackoff,
    Duration totalTimeout,
    int concurrency,
    double rate,
    boolean repeatUnknown) {

  /** What one call carries. */
  public enum Batch {
    ALL,
    ITEM
  }

  private static final double MOST_CALLS = 1_000_000;

  public ServiceConfig {
    new Rules()
        .positive(timeout, "timeout")
        .between(0, 1_000, retries, "retries")
        .positive(backoff, "backoff")
        .that(
            maxBackoff.compareTo(backoff) >= 0,
            maxBackoff,
            "no less than backoff, " + Scalars.write(backoff),
            "maxBackoff")
        .positive(totalTimeout, "totalTimeout")
        .between(1, 10_000, concurrency, "concurrency")
        .that(rate >= 0 && rate <= MOST_CALLS, rate, "a number from 0 to 1000000", "rate")
        .check();
  }

  /**
   * The URL to call: who names a server alone means the service's own path there.
   *
   * @param name of the service
   */
  public URI address(String name) {
    URI address = URI.create(url);
    boolean serverAlone = address.getRawPath().matches("/?") && address.getRawQuery() == null;
    return serverAlone ? address.resolve("/" + name) : address;
  }
}
