package org.osprey.coordinator.collectors.config;

import java.util.List;
import org.osprey.coordinator.collectors.config.OrchestratorConfig.Login;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Secrets;

/**
 * Where events go that no route sends elsewhere.
 *
 * @param url servers of one cluster
 * @param subject may hold {@code {collector}}, {@code {type}}, {@code {severity}}
 * @param maxReconnects tries in a row before the connection counts as failed; it is tried for ever
 * @param authEnabled whether to log in, as {@code username} with {@code password}, or with {@code
 *     token}
 */
public record NatsConfig(
    List<String> url,
    String subject,
    int maxReconnects,
    boolean authEnabled,
    String username,
    String password,
    String token,
    JetStream jetstream) {

  private static final String SERVER = "(nats|tls|ws|wss)://[^\\s,/@]+|[^\\s,:/@]+:\\d+";
  private static final int MOST_RECONNECTS = 1_000_000;

  /** Whether events are stored by the server before they count as published. */
  public enum JetStream {
    /** Where a stream covers the subject. */
    AUTO,
    /** Always: without a stream events wait. */
    ON,
    /** Never: what is under way when a connection breaks may be lost, and is counted. */
    OFF
  }

  public NatsConfig {
    Rules rules =
        new Rules()
            .that(!url.isEmpty(), "[]", "at least one nats://host:port", "url")
            .between(0, MOST_RECONNECTS, maxReconnects, "maxReconnects");
    Login.check(rules, username, password, token, authEnabled);
    rules.that(
        !authEnabled || !(username + password + token).isEmpty(),
        authEnabled,
        "username and password, or token, beside it",
        "authEnabled");
    url.forEach(
        server ->
            rules.that(
                server.matches(SERVER),
                Secrets.masked("url", server),
                "nats://host:port without a login, which is for username, password and token",
                "url"));
    rules.that(Subjects.isTemplate(subject), subject, Subjects.WANT, "subject").check();
    url = List.copyOf(url);
  }

  Login login() {
    return new Login(username, password, token);
  }

  boolean hasLogin() {
    return !(username.isEmpty() && password.isEmpty() && token.isEmpty());
  }
}
