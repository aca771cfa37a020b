package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/** The HTTP port. */
public record HttpConfig(
    @Variable("OSPREY_COORDINATOR_HTTP_PORT") int port,
    String bindAddress,
    ByteSize maxBody,
    int maxConnections,
    Duration idleTimeout,
    int maxWatchers) {

  public HttpConfig {
    new Rules()
        .port(port, "port")
        .notBlank(bindAddress, "bindAddress")
        .buffer(maxBody, "maxBody")
        .atLeast(1, maxConnections, "maxConnections")
        .positive(idleTimeout, "idleTimeout")
        .atLeast(1, maxWatchers, "maxWatchers")
        .check();
  }
}
