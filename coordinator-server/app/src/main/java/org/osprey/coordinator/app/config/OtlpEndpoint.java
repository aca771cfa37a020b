package org.osprey.coordinator.app.config;

import java.net.URI;

/** What addresses of OTLP receivers look like. */
final class OtlpEndpoint {
  static final String WANTED = "http://host:port or https://host:port, without a user";

  private OtlpEndpoint() {}

  static boolean is(String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
