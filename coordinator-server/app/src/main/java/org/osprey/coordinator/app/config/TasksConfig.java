package org.osprey.coordinator.app.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tasks: requests that are split into calls to HTTP services.
 *
 * @param services the URL of each service, by the key of its items
 */
public record TasksConfig(
    @Variable("OSPREY_COORDINATOR_TASKS") boolean enabled,
    Map<String, String> services,
    Duration timeout,
    int retries,
    Duration backoff,
    Duration maxBackoff,
    Duration totalTimeout,
    int concurrency,
    Duration directTimeout,
    Duration retention,
    TasksKafkaConfig kafka) {

  private static final String URLS = "https?://[^\\s/]+.*";

  public TasksConfig {
    Rules rules =
        new Rules()
            .positive(timeout, "timeout")
            .atLeast(0, retries, "retries")
            .positive(backoff, "backoff")
            .positive(maxBackoff, "maxBackoff")
            .positive(totalTimeout, "totalTimeout")
            .between(1, 10_000, concurrency, "concurrency")
            .positive(directTimeout, "directTimeout")
            .positive(retention, "retention");
    services.forEach(
        (name, url) ->
            rules.that(
                url.matches(URLS),
                url,
                "http://host:port/path or https://host/path",
                "services",
                name));
    rules.check();
    // In their order, which is that of a task's calls.
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
  }
}
