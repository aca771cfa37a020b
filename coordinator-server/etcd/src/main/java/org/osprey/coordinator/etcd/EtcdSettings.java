package org.osprey.coordinator.etcd;

import com.google.errorprone.annotations.FormatMethod;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where to announce the coordinator, and how.
 *
 * @param peers {@code http://host:port} or {@code https://host:port} of members of one cluster;
 *     empty for no announcement, see {@link #isEnabled}
 * @param serviceName what workers look for; see {@link #syncServiceName} for callers
 * @param podIp the address to announce; null for this host's own
 * @param ttl after a coordinator that died so long its keys are gone; whole seconds
 * @param refresh how often the time to live begins anew
 * @param verify how often it is looked whether the keys are still there
 * @param announceDelay between the call to announce and the first key
 * @param requestTimeout for one request to one peer
 * @param closeTimeout how long a withdrawal may wait for etcd
 */
public record EtcdSettings(
    List<URI> peers,
    String serviceName,
    @Nullable String podIp,
    Duration ttl,
    Duration refresh,
    Duration verify,
    Duration announceDelay,
    Duration requestTimeout,
    Duration closeTimeout,
    @Nullable Credentials credentials,
    @Nullable Tls tls) {

  /** Who to be in etcd. */
  public record Credentials(String user, String password) {
    public Credentials {
      if (user.isBlank()) {
        throw invalid("user must not be empty, got \"%s\"", user);
      }
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
      return "Credentials[user=%s]".formatted(user);
    }
  }

  /**
   * PEM files for {@code https:} peers.
   *
   * @param caFile who may sign for etcd; null for those the JVM trusts
   * @param certFile this client's certificate; null for none
   * @param keyFile its key in PKCS #8; there exactly when the certificate is
   */
  public record Tls(@Nullable Path caFile, @Nullable Path certFile, @Nullable Path keyFile) {
    public Tls {
      if ((certFile == null) != (keyFile == null)) {
        throw invalid(
            "tls.certFile and etcd.tls.keyFile go together, got %s and %s", certFile, keyFile);
      }
    }
  }

  public EtcdSettings {
    peers = List.copyOf(peers);
    peers.forEach(EtcdSettings::peer);
    if (!serviceName.matches("[a-zA-Z0-9._-]+")) {
      throw invalid(
          "serviceName must be letters, digits, '.', '_' or '-', got \"%s\"", serviceName);
    }
    if (podIp != null && !podIp.matches("[a-zA-Z0-9.:-]+")) {
      throw invalid("podIp must be an address or a host name, got \"%s\"", podIp);
    }
    positive("ttl", ttl);
    if (!ttl.equals(Duration.ofSeconds(ttl.toSeconds()))) {
      throw invalid("ttl must be whole seconds, got %s", ttl);
    }
    positive("refresh", refresh);
    if (refresh.multipliedBy(2).compareTo(ttl) > 0) {
      throw invalid("refresh must be at most half of etcd.ttl=%s, got %s", ttl, refresh);
    }
    positive("verify", verify);
    if (announceDelay.isNegative()) {
      throw invalid("announceDelay must not be negative, got %s", announceDelay);
    }
    positive("requestTimeout", requestTimeout);
    positive("closeTimeout", closeTimeout);
  }

  /** Whether there is anything to announce to. */
  public boolean isEnabled() {
    return !peers.isEmpty();
  }

  /** The name under which callers of the synchronous port look. */
  public String syncServiceName() {
    return serviceName + "_sync_action";
  }

  /**
   * @param urls with commas; blank for none
   * @throws IllegalArgumentException when one is no URL
   */
  public static List<URI> parsePeers(String urls) {
    return Stream.of(urls.split(",", -1))
        .map(String::strip)
        .filter(url -> !url.isEmpty())
        .map(EtcdSettings::uri)
        .toList();
  }

  /** Defaults for everything but the peers. */
  public static Builder builder(List<URI> peers) {
    return new Builder(peers);
  }

  private static URI uri(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw invalid("peers must be http://host:port or https://host:port, got \"%s\"", url);
    }
  }

  private static void peer(URI peer) {
    String scheme = String.valueOf(peer.getScheme());
    String path = String.valueOf(peer.getRawPath());
    if (!(scheme.equals("http") || scheme.equals("https"))
        || peer.getHost() == null
        || peer.getPort() < 1
        || peer.getRawUserInfo() != null
        || !(path.isEmpty() || path.equals("/"))) {
      throw invalid(
          "peers must be http://host:port or https://host:port, got scheme %s, host %s, port %d",
          scheme, peer.getHost(), peer.getPort());
    }
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw invalid("%s must be positive, got %s", name, value);
    }
  }

  @FormatMethod
  private static IllegalArgumentException invalid(String message, @Nullable Object... values) {
    return new IllegalArgumentException("etcd." + message.formatted(values));
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private final List<URI> peers;
    private String serviceName = "osprey_coordinator";
    private @Nullable String podIp;
    private Duration ttl = Duration.ofSeconds(30);
    private Duration refresh = Duration.ofSeconds(12);
    private Duration verify = Duration.ofSeconds(4);
    private Duration announceDelay = Duration.ZERO;
    private Duration requestTimeout = Duration.ofSeconds(2);
    private Duration closeTimeout = Duration.ofSeconds(5);
    private @Nullable Credentials credentials;
    private @Nullable Tls tls;

    private Builder(List<URI> peers) {
      this.peers = peers;
    }

    public Builder serviceName(String value) {
      serviceName = value;
      return this;
    }

    public Builder podIp(@Nullable String value) {
      podIp = value;
      return this;
    }

    public Builder ttl(Duration value) {
      ttl = value;
      return this;
    }

    public Builder refresh(Duration value) {
      refresh = value;
      return this;
    }

    public Builder verify(Duration value) {
      verify = value;
      return this;
    }

    public Builder announceDelay(Duration value) {
      announceDelay = value;
      return this;
    }

    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    public Builder credentials(@Nullable Credentials value) {
      credentials = value;
      return this;
    }

    public Builder tls(@Nullable Tls value) {
      tls = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public EtcdSettings build() {
      return new EtcdSettings(
          peers,
          serviceName,
          podIp,
          ttl,
          refresh,
          verify,
          announceDelay,
          requestTimeout,
          closeTimeout,
          credentials,
          tls);
    }
  }
}
