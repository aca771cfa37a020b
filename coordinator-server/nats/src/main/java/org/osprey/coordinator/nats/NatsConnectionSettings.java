package org.osprey.coordinator.nats;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where NATS is and how to log in. At most one of user, token and credentials file.
 *
 * @param servers URLs such as {@code nats://host:4222} or {@code tls://host:4222}; a plain {@code
 *     host:port} is taken as {@code nats://}
 * @param credentialsFile a {@code .creds} file with a JWT and an NKey; read again for each login
 * @param tls null for none, unless a server's URL says {@code tls://}
 * @param name how servers list this client
 */
public record NatsConnectionSettings(
    List<String> servers,
    @Nullable String user,
    @Nullable String password,
    @Nullable String token,
    @Nullable Path credentialsFile,
    @Nullable NatsTlsSettings tls,
    String name) {

  public static final String DEFAULT_NAME = "osprey-coordinator";

  public NatsConnectionSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw Invalid.setting("servers must name at least one server, got %s", servers);
    }
    servers.forEach(NatsConnectionSettings::checkServer);
    if ((user == null) != (password == null)) {
      throw Invalid.setting("user and nats.password go together, got only one of them");
    }
    int logins =
        (user == null ? 0 : 1) + (token == null ? 0 : 1) + (credentialsFile == null ? 0 : 1);
    if (logins > 1) {
      throw Invalid.setting(
          "user, nats.token and nats.credentialsFile exclude each other, got %d of them", logins);
    }
    if (tls == null && servers.stream().anyMatch(server -> server.startsWith("tls://"))) {
      tls = NatsTlsSettings.JDK;
    }
  }

  /** Without login and TLS. */
  public static NatsConnectionSettings of(String... servers) {
    return new NatsConnectionSettings(List.of(servers), null, null, null, null, null, DEFAULT_NAME);
  }

  public NatsConnectionSettings withUser(String user, String password) {
    return new NatsConnectionSettings(servers, user, password, null, null, tls, name);
  }

  public NatsConnectionSettings withToken(String token) {
    return new NatsConnectionSettings(servers, null, null, token, null, tls, name);
  }

  public NatsConnectionSettings withCredentials(Path file) {
    return new NatsConnectionSettings(servers, null, null, null, file, tls, name);
  }

  public NatsConnectionSettings withTls(NatsTlsSettings tls) {
    return new NatsConnectionSettings(servers, user, password, token, credentialsFile, tls, name);
  }

  /** Leaves secrets out. */
  @Override
  public String toString() {
    return "NatsConnectionSettings[servers=%s, login=%s, tls=%s, name=%s]"
        .formatted(servers, loginSetting(), tls, name);
  }

  /** The setting that says who we are, for people. */
  String loginSetting() {
    if (credentialsFile != null) {
      return "nats.credentialsFile=" + credentialsFile;
    }
    if (token != null) {
      return "nats.token";
    }
    return user == null ? "nats.user (not set)" : "nats.user=" + user;
  }

  /** A login in a URL would end up in every log line that names the servers. */
  private static void checkServer(String server) {
    try {
      URI uri = new URI(server.contains("://") ? server : "nats://" + server);
      if (uri.getUserInfo() != null) {
        throw Invalid.setting("servers must not hold a login, use nats.user or nats.token");
      }
      if (uri.getHost() == null || !uri.getScheme().matches("nats|tls|ws|wss")) {
        throw Invalid.setting("servers must be like nats://host:4222, got \"%s\"", server);
      }
    } catch (URISyntaxException e) {
      throw Invalid.setting("servers must be like nats://host:4222, got \"%s\"", server);
    }
  }
}
