package org.osprey.coordinator.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Secrets;
import org.osprey.coordinator.settings.Variable;

/**
 * Tasks: requests that are split into calls to services. What is said here and in {@link
 * ServiceConfig} too stands for the services that do not say it.
 *
 * @param services by the key of their items
 * @param redact names of fields whose values nobody is shown
 */
public record TasksConfig(
    @Variable("OSPREY_COORDINATOR_TASKS") boolean enabled,
    Map<String, ServiceConfig> services,
    ServiceConfig.Batch batch,
    Duration timeout,
    int retries,
    Duration backoff,
    Duration maxBackoff,
    Duration totalTimeout,
    int concurrency,
    double rate,
    boolean repeatUnknown,
    Duration directTimeout,
    Duration retention,
    List<String> redact,
    TasksKafkaConfig kafka) {

  private static final int MAX_PORT = 65_535;
  private static final String NAMES = "[A-Za-z0-9._-]{1,64}";

  public TasksConfig {
    Rules rules =
        new Rules().positive(directTimeout, "directTimeout").positive(retention, "retention");
    services.forEach((name, service) -> check(rules, name, service));
    rules.check();
    // In their order, which is that of a task's calls.
    redact = List.copyOf(redact);
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
  }

  private static void check(Rules rules, String name, ServiceConfig service) {
    rules.that(
        name.matches(NAMES),
        name,
        "a name of 1 to 64 letters, digits, dots, dashes, underscores",
        "services",
        name);
    if (service.pool().isBlank() && service.url().isEmpty()) {
      rules.that(false, "", "a url or a pool", "services", name);
    } else if (service.pool().isBlank()) {
      rules.that(
          isUrl(service.url()),
          Secrets.masked("url", service.url()),
          "http://host:port/path or https://host/path, without underscores in the host",
          "services",
          name,
          "url");
    }
  }

  /** What the HTTP client takes. */
  private static boolean isUrl(String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http
          && url.getHost() != null
          && url.getPort() <= MAX_PORT
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
