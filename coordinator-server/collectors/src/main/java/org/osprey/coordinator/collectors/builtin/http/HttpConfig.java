package org.osprey.coordinator.collectors.builtin.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.builtin.Wants;

/**
 * @param headers of each request
 * @param timeout of a request, until its answer is whole
 * @param items JSON pointer to an array, each element of which is an event; the whole answer is one
 *     when empty
 * @param id JSON pointer from an element to what tells it from others, so that each is an event
 *     once; every element is one at each poll when empty
 * @param remember ids that are known, the latest ones
 * @param maxBody bytes of an answer
 * @param caFile certificates in PEM of those who sign the server; those of the JDK when empty
 * @param insecure believes every server
 */
public record HttpConfig(
    String url,
    Duration interval,
    Map<String, String> headers,
    Duration timeout,
    String items,
    String id,
    int remember,
    int maxBody,
    String caFile,
    boolean insecure) {
  private static final int MAX_BODY = 32 << 20;
  private static final int MAX_REMEMBERED = 1_000_000;
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]+");

  static final HttpConfig DEFAULTS =
      new HttpConfig(
          "",
          Duration.ofSeconds(30),
          Map.of(),
          Duration.ofSeconds(10),
          "",
          "",
          10_000,
          1 << 20,
          "",
          false);

  public HttpConfig {
    headers = Map.copyOf(headers);
    Wants wants =
        new Wants()
            .that(
                url.isEmpty() || uri(url) != null,
                "url",
                url,
                "http:// or https://, a host and a path")
            .between(Duration.ofMillis(100), Duration.ofHours(24), interval, "interval")
            .between(Duration.ofMillis(10), Duration.ofMinutes(10), timeout, "timeout")
            .that(pointer(items), "items", items, "a JSON pointer such as /data/items")
            .that(pointer(id), "id", id, "a JSON pointer such as /id")
            .that(id.isEmpty() || !items.isEmpty(), "id", id, "items beside it")
            .between(1, MAX_REMEMBERED, remember, "remember")
            .between(1, MAX_BODY, maxBody, "max_body");
    headers.forEach(
        (name, value) ->
            wants.that(
                HEADER.matcher(name).matches() && value.chars().allMatch(c -> c >= ' '),
                "headers",
                name,
                "letters, digits and hyphens in names, and values of one line"));
    wants.check();
  }

  /**
   * @return null when it is none that can be got
   */
  static @Nullable URI uri(String url) {
    try {
      URI uri = URI.create(url);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web && uri.getHost() != null && uri.getUserInfo() == null ? uri : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean pointer(String text) {
    return text.isEmpty() || text.startsWith("/");
  }
}
