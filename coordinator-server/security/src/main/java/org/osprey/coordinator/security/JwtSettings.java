package org.osprey.coordinator.security;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Which JWTs are good.
 *
 * @param keys the issuer's JWKS: http, https or file
 * @param algorithms of signatures, as RFC 7518 names them; only public-key ones
 * @param rolesClaim a claim with names of roles, for subjects that no identity names; may have dots
 *     for claims within claims
 * @param refresh how often the keys are fetched again
 * @param leeway by how much the issuer's clock may be off
 */
public record JwtSettings(
    URI keys,
    String issuer,
    String audience,
    Set<String> algorithms,
    String rolesClaim,
    Duration refresh,
    Duration leeway) {

  public JwtSettings {
    algorithms = Set.copyOf(algorithms);
  }
}
