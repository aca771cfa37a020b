package org.osprey.coordinator.collectors.builtin.kubelet;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.builtin.Wants;

/**
 * @param address {@code host:port}, which means HTTPS, or a URL; a token is only sent over HTTPS
 * @param insecure believes every server: for development
 * @param timeout of a request, until its answer is whole
 * @param token sent as it is; excludes a token file
 * @param tokenFile read for each poll, because it changes; that of the pod's service account when
 *     empty, if there is one
 * @param caFile certificates in PEM of those who sign the kubelet; those of the JDK when empty
 * @param stats whether the use of each pod is an event at each poll
 */
public record KubeletConfig(
    String address,
    boolean insecure,
    Duration pollInterval,
    Duration timeout,
    String token,
    String tokenFile,
    String caFile,
    boolean stats) {
  static final KubeletConfig DEFAULTS =
      new KubeletConfig(
          "localhost:10250",
          false,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          "",
          "",
          "",
          true);

  public KubeletConfig {
    new Wants()
        .that(base(address) != null, "address", address, "host:port, or https://host:port")
        .between(Duration.ofMillis(100), Duration.ofHours(1), pollInterval, "poll_interval")
        .between(Duration.ofMillis(10), Duration.ofMinutes(5), timeout, "timeout")
        .that(token.isEmpty() || tokenFile.isEmpty(), "token_file", tokenFile, "no token beside it")
        .that(token.chars().allMatch(c -> c > ' '), "token", "(hidden)", "text without blanks")
        .check();
  }

  /**
   * @return null when it is none
   */
  static @Nullable URI base(String address) {
    String url = address.contains("://") ? address : "https://" + address;
    try {
      URI uri = URI.create(url);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean bare = uri.getPath().isEmpty() || uri.getPath().equals("/");
      return web && bare && uri.getHost() != null && uri.getUserInfo() == null ? uri : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return "KubeletConfig[address=%s, insecure=%s, pollInterval=%s]"
        .formatted(address, insecure, pollInterval);
  }
}
