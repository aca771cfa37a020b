package org.osprey.coordinator.security;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One identity, and how it shows who it is: any of the ways will do.
 *
 * @param tokenFile one bearer token a line, so that two are good while one replaces the other; null
 *     for none
 * @param certificateNames common names, or DNS names and URIs of the subject's alternatives
 * @param subjects of JWTs
 */
public record IdentitySettings(
    String name,
    Set<Role> roles,
    @Nullable Path tokenFile,
    List<String> certificateNames,
    List<String> subjects,
    Identity.Limits limits) {

  public IdentitySettings {
    roles = Set.copyOf(roles);
    certificateNames = List.copyOf(certificateNames);
    subjects = List.copyOf(subjects);
  }
}
