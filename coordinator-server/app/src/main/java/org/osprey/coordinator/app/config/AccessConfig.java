package org.osprey.coordinator.app.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.security.Role;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;

/**
 * Who may do what; without identities and JWTs everybody may do everything. What is said here and
 * in {@link IdentityConfig} too stands for the identities that do not say it.
 *
 * @param anonymous roles of those who show nothing, where others are known
 */
public record AccessConfig(
    Map<String, IdentityConfig> identities,
    List<Role> anonymous,
    List<String> actions,
    double actionsPerSecond,
    int burst,
    ByteSize maxPayload,
    int maxStreams,
    JwtConfig jwt) {

  private static final String NAMES = "[A-Za-z0-9._-]{1,64}";

  public AccessConfig {
    Rules rules = new Rules();
    IdentityConfig.check(rules, actions, actionsPerSecond, burst, maxPayload, maxStreams);
    identities.forEach((name, identity) -> check(rules, name, identity));
    rules.check();
    anonymous = List.copyOf(anonymous);
    actions = List.copyOf(actions);
    identities = Collections.unmodifiableMap(new LinkedHashMap<>(identities));
  }

  private static void check(Rules rules, String name, IdentityConfig identity) {
    rules
        .that(
            name.matches(NAMES),
            name,
            "a name of 1 to 64 letters, digits, dots, dashes, underscores",
            "identities",
            name)
        .that(
            !identity.roles().isEmpty(),
            "",
            "roles: worker, submitter, operator or viewer",
            "identities",
            name)
        .that(
            identity.isKnown(),
            "",
            "a tokenFile, certificateNames or subjects",
            "identities",
            name);
  }
}
