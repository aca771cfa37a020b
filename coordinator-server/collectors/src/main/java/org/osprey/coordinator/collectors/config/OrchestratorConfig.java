package org.osprey.coordinator.collectors.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;

/**
 * What all collectors share: the section {@code orchestrator}.
 *
 * @param workers threads that publish
 * @param bufferSize events in all rings together
 * @param bufferBytes of bodies in all rings together
 * @param plugins the folder of jars with further kinds
 * @param database the file for spilled events and positions
 * @param drainTimeout how long stopping goes on publishing
 * @param auth the login to NATS, for those who keep it beside {@code nats}
 */
public record OrchestratorConfig(
    int workers,
    int bufferSize,
    ByteSize bufferBytes,
    LogLevel logLevel,
    String plugins,
    String database,
    ByteSize spillMaxBytes,
    Duration drainTimeout,
    List<RouteConfig> routes,
    NatsConfig nats,
    AuthConfig auth) {

  /** Of a collector's ring as well. */
  static final int LEAST_BUFFER = 100;

  static final int LARGEST_BUFFER = 100_000;
  static final int USUAL_BUFFER = 10_000;

  private static final int MOST_WORKERS = 64;

  /** One event of the size that NATS takes, and some more. */
  private static final ByteSize LEAST_BYTES = new ByteSize(1 << 20);

  static final OrchestratorConfig DEFAULTS =
      new OrchestratorConfig(
          4,
          USUAL_BUFFER,
          new ByteSize(64 << 20),
          LogLevel.INFO,
          "plugins",
          "data/collectors.db",
          new ByteSize(1 << 30),
          Duration.ofSeconds(10),
          List.of(),
          new NatsConfig(
              List.of("nats://localhost:4222"),
              "collectors.events",
              5,
              false,
              "",
              "",
              "",
              NatsConfig.JetStream.AUTO),
          new AuthConfig("", "", ""));

  /** The least important lines that collectors and all around them log. */
  public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR,
    OFF
  }

  public OrchestratorConfig {
    new Rules()
        .between(1, MOST_WORKERS, workers, "workers")
        .between(LEAST_BUFFER, LARGEST_BUFFER, bufferSize, "bufferSize")
        .that(bufferBytes.compareTo(LEAST_BYTES) >= 0, bufferBytes, "at least 1MiB", "bufferBytes")
        .notBlank(plugins, "plugins")
        .notBlank(database, "database")
        .that(
            spillMaxBytes.compareTo(LEAST_BYTES) >= 0,
            spillMaxBytes,
            "at least 1MiB",
            "spillMaxBytes")
        .that(!drainTimeout.isNegative(), drainTimeout, "0s or longer", "drainTimeout")
        .check();
    routes = List.copyOf(routes);
  }

  /** How to log in to NATS; null for not at all. */
  public @Nullable Login login() {
    Login login = auth.isSet() ? auth.login() : nats.login();
    return nats.authEnabled() || auth.isSet() ? login : null;
  }

  /**
   * Who we are: a user with a password, or a token.
   *
   * @param user empty when there is a token
   */
  public record Login(String user, String password, String token) {

    static void check(Rules rules, String user, String password, String token, boolean used) {
      rules
          .that(
              !used || token.isEmpty() || (user + password).isEmpty(),
              token,
              "either a token, or a username and its password",
              "token")
          .that(
              !used || user.isEmpty() == password.isEmpty(),
              password,
              "a password where there is a username, and only there",
              "password");
    }

    /** Leaves secrets out. */
    @Override
    public String toString() {
      return token.isEmpty() ? "user " + user : "token";
    }
  }
}
