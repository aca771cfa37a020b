package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.FormatMethod;
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
 * @param names of the settings, for people
 * @param reconnects whether the client goes on with a broken connection by itself, and so may send
 *     later what it held; else a broken one is replaced by another
 */
public record NatsConnectionSettings(
    List<String> servers,
    @Nullable String user,
    @Nullable String password,
    @Nullable String token,
    @Nullable Path credentialsFile,
    @Nullable NatsTlsSettings tls,
    String name,
    Names names,
    boolean reconnects) {

  public static final String DEFAULT_NAME = "osprey-coordinator";

  /**
   * What the settings are called where the user writes them.
   *
   * @param user of the login; its password is beside it
   */
  public record Names(String servers, String user, String password, String token) {
    public static final Names DEFAULT =
        new Names("nats.servers", "nats.user", "nats.password", "nats.token");
  }

  public NatsConnectionSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw invalid("%s must name at least one server, got %s", names.servers, servers);
    }
    for (String server : servers) {
      checkServer(server, names);
    }
    if ((user == null) != (password == null)) {
      throw invalid("%s and %s go together, got only one of them", names.user, names.password);
    }
    int logins =
        (user == null ? 0 : 1) + (token == null ? 0 : 1) + (credentialsFile == null ? 0 : 1);
    if (logins > 1) {
      throw invalid(
          "%s, %s and nats.credentialsFile exclude each other, got %d of them",
          names.user, names.token, logins);
    }
    if (tls == null && servers.stream().anyMatch(server -> server.startsWith("tls://"))) {
      tls = NatsTlsSettings.JDK;
    }
  }

  public NatsConnectionSettings(
      List<String> servers,
      @Nullable String user,
      @Nullable String password,
      @Nullable String token,
      @Nullable Path credentialsFile,
      @Nullable NatsTlsSettings tls,
      String name) {
    this(servers, user, password, token, credentialsFile, tls, name, Names.DEFAULT, true);
  }

  /** Without login and TLS. */
  public static NatsConnectionSettings of(String... servers) {
    return new NatsConnectionSettings(List.of(servers), null, null, null, null, null, DEFAULT_NAME);
  }

  public NatsConnectionSettings withUser(String user, String password) {
    return with(user, password, null, null, tls);
  }

  public NatsConnectionSettings withToken(String token) {
    return with(null, null, token, null, tls);
  }

  public NatsConnectionSettings withCredentials(Path file) {
    return with(null, null, null, file, tls);
  }

  public NatsConnectionSettings withTls(NatsTlsSettings tls) {
    return with(user, password, token, credentialsFile, tls);
  }

  public NatsConnectionSettings withNames(Names names) {
    return new NatsConnectionSettings(
        servers, user, password, token, credentialsFile, tls, name, names, reconnects);
  }

  /** For those who must know what was sent over which connection. */
  public NatsConnectionSettings withoutReconnects() {
    return new NatsConnectionSettings(
        servers, user, password, token, credentialsFile, tls, name, names, false);
  }

  private NatsConnectionSettings with(
      @Nullable String user,
      @Nullable String password,
      @Nullable String token,
      @Nullable Path file,
      @Nullable NatsTlsSettings tls) {
    return new NatsConnectionSettings(
        servers, user, password, token, file, tls, name, names, reconnects);
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
      return names.token;
    }
    return user == null ? names.user + " (not set)" : names.user + "=" + user;
  }

  /** A login in a URL would end up in every log line that names the servers. */
  private static void checkServer(String server, Names names) {
    try {
      URI uri = new URI(server.contains("://") ? server : "nats://" + server);
      if (uri.getUserInfo() != null) {
        throw invalid(
            "%s must not hold a login, use %s or %s", names.servers, names.user, names.token);
      }
      if (uri.getHost() == null || !uri.getScheme().matches("nats|tls|ws|wss")) {
        throw invalid("%s must be like nats://host:4222, got \"%s\"", names.servers, server);
      }
    } catch (URISyntaxException e) {
      throw invalid("%s must be like nats://host:4222, got \"%s\"", names.servers, server);
    }
  }

  @FormatMethod
  private static IllegalArgumentException invalid(String message, Object... values) {
    return new IllegalArgumentException(message.formatted(values));
  }
}
