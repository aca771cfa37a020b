package org.osprey.coordinator.snowflake;

import java.net.URI;
import java.time.Duration;

/**
 * How ids are fetched.
 *
 * @param endpoint of the service; {@code /generate} is added
 * @param batch ids to fetch at once
 * @param lowWater ids left at which more are fetched
 * @param timeout for one whole exchange, the body included
 * @param backoff the wait after a first failure; doubles with each further one
 * @param maxBackoff the longest wait
 */
public record SnowflakeSettings(
    URI endpoint,
    int batch,
    int lowWater,
    Duration timeout,
    Duration backoff,
    Duration maxBackoff) {
  private static final int MOST = 100_000;

  public SnowflakeSettings {
    String scheme = String.valueOf(endpoint.getScheme());
    if (endpoint.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException(
          "endpoint must be http://host:port or https://host:port, got scheme %s and host %s"
              .formatted(scheme, endpoint.getHost()));
    }
    between("batch", batch);
    between("lowWater", lowWater);
    positive("timeout", timeout);
    positive("backoff", backoff);
    if (maxBackoff.compareTo(backoff) < 0) {
      throw new IllegalArgumentException(
          "maxBackoff is shorter than backoff: %s < %s".formatted(maxBackoff, backoff));
    }
  }

  public static SnowflakeSettings of(URI endpoint) {
    return new SnowflakeSettings(
        endpoint, 1000, 500, Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  /** Where to send requests. */
  URI target() {
    String base = endpoint.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + "generate");
  }

  private static void between(String name, int value) {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException("%s must be 1 to %d, got %d".formatted(name, MOST, value));
    }
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s must be positive, got %s".formatted(name, value));
    }
  }
}
