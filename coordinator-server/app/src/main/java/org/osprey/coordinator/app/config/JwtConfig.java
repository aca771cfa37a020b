package org.osprey.coordinator.app.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.settings.Rules;

/**
 * Which JWTs are good.
 *
 * @param jwksUri the issuer's keys; empty: no JWT is
 */
public record JwtConfig(
    String jwksUri,
    String issuer,
    String audience,
    List<String> algorithms,
    String rolesClaim,
    Duration refresh,
    Duration leeway) {

  /** Those with a secret that both sides have would let whoever knows a public key in. */
  private static final List<String> ALGORITHMS =
      List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  private static final Duration MOST_LEEWAY = Duration.ofMinutes(10);

  public JwtConfig {
    Rules rules =
        new Rules()
            .that(
                jwksUri.isEmpty() || isUri(jwksUri),
                jwksUri,
                "https://host/path, http://host/path or file:///path",
                "jwksUri")
            .that(!algorithms.isEmpty(), algorithms, "at least one algorithm", "algorithms")
            .notBlank(rolesClaim, "rolesClaim")
            .positive(refresh, "refresh")
            .that(
                !leeway.isNegative() && leeway.compareTo(MOST_LEEWAY) <= 0,
                leeway,
                "a duration from 0s to 10m",
                "leeway");
    algorithms.forEach(
        name ->
            rules.that(
                ALGORITHMS.contains(name),
                name,
                "one of " + String.join(", ", ALGORITHMS),
                "algorithms"));
    rules.check();
    algorithms = List.copyOf(algorithms);
  }

  private static boolean isUri(String text) {
    try {
      URI uri = URI.create(text);
      return switch (String.valueOf(uri.getScheme())) {
        case "http", "https" -> uri.getHost() != null;
        case "file" -> uri.getPath() != null;
        default -> false;
      };
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
