package org.osprey.coordinator.collectors.builtin.http;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osprey.coordinator.collectors.builtin.web.FetchException;
import org.osprey.coordinator.collectors.builtin.web.WebClient;

/**
 * Gets what is behind a URL, also where its own host sends one elsewhere. Another host does not get
 * to see the headers, which may hold a login: a redirection there is refused.
 */
final class Redirects {
  private static final int MOST = 5;
  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

  private final WebClient client;

  Redirects(WebClient client) {
    this.client = client;
  }

  HttpResponse<byte[]> get(URI uri, Map<String, String> headers)
      throws FetchException, InterruptedException {
    URI at = uri;
    for (int i = 0; i <= MOST; i++) {
      HttpResponse<byte[]> response = client.get(at, headers);
      Optional<String> location = response.headers().firstValue("location");
      if (!STATUSES.contains(response.statusCode()) || location.isEmpty()) {
        return response;
      }
      at = next(at, location.get());
    }
    throw new FetchException("redirected more than %d times".formatted(MOST));
  }

  private static URI next(URI from, String location) throws FetchException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new FetchException("redirected to what is no URL");
    }
    boolean sameHost = from.getHost().equalsIgnoreCase(to.getHost());
    boolean samePlace = from.getScheme().equals(to.getScheme()) && port(from) == port(to);
    boolean safer =
        from.getScheme().equals("http")
            && "https".equals(to.getScheme())
            && port(from) == 80
            && port(to) == 443;
    if (!sameHost || !(samePlace || safer)) {
      throw new FetchException("redirected to another host, which is not followed");
    }
    return to;
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }
}
