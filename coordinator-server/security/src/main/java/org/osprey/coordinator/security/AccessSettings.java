package org.osprey.coordinator.security;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is known, and what those may do who are not.
 *
 * @param jwt null when no JWT is good
 * @param anonymous roles of those who show nothing; all of them when nobody is known by anything
 */
public record AccessSettings(
    List<IdentitySettings> identities, @Nullable JwtSettings jwt, Set<Role> anonymous) {

  /** Everybody may do everything. */
  public static final AccessSettings OPEN = new AccessSettings(List.of(), null, Set.of());

  public AccessSettings {
    identities = List.copyOf(identities);
    anonymous = Set.copyOf(anonymous);
  }

  /** Whether nobody is asked who they are. */
  public boolean open() {
    return identities.isEmpty() && jwt == null;
  }
}
