package org.osprey.coordinator.app.config;

import java.net.URI;
import java.time.Duration;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/**
 * Ids for actions that come without one.
 *
 * @param endpoint of the id service; empty means that all ids are made here
 */
public record SnowflakeConfig(
    @Variable("SNOWFLAKE_API_ENDPOINT") String endpoint,
    int batch,
    int lowWater,
    Duration timeout,
    int dataCenterId,
    int workerId) {

  public SnowflakeConfig {
    new Rules()
        .that(
            endpoint.isEmpty() || isHttp(endpoint),
            endpoint,
            "http://host:port or https://host:port",
            "endpoint")
        .between(1, 100_000, batch, "batch")
        .between(1, 100_000, lowWater, "lowWater")
        .positive(timeout, "timeout")
        .between(0, 31, dataCenterId, "dataCenterId")
        .between(0, 31, workerId, "workerId")
        .check();
  }

  private static boolean isHttp(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme());
      return uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
