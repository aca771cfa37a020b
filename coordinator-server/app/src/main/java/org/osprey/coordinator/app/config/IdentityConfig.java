package org.osprey.coordinator.app.config;

import java.util.List;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.security.Role;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;

/**
 * Somebody who is known, by any of a token, a certificate and a JWT.
 *
 * @param tokenFile empty for none
 */
public record IdentityConfig(
    List<Role> roles,
    String tokenFile,
    List<String> certificateNames,
    List<String> subjects,
    List<String> actions,
    double actionsPerSecond,
    int burst,
    ByteSize maxPayload,
    int maxStreams) {

  public IdentityConfig {
    Rules rules = new Rules();
    check(rules, actions, actionsPerSecond, burst, maxPayload, maxStreams);
    rules.check();
    roles = List.copyOf(roles);
    certificateNames = List.copyOf(certificateNames);
    subjects = List.copyOf(subjects);
    actions = List.copyOf(actions);
  }

  /** Whether it can be known by anything. */
  boolean isKnown() {
    return !tokenFile.isEmpty() || !certificateNames.isEmpty() || !subjects.isEmpty();
  }

  static void check(
      Rules rules,
      List<String> actions,
      double actionsPerSecond,
      int burst,
      ByteSize maxPayload,
      int maxStreams) {
    rules
        .that(areGlobs(actions), actions, "1 to 100 globs of at most 200 characters", "actions")
        .that(
            actionsPerSecond >= 0 && actionsPerSecond <= 1e6,
            actionsPerSecond,
            "a number from 0 to 1000000",
            "actionsPerSecond")
        .atLeast(1, burst, "burst")
        .buffer(maxPayload, "maxPayload")
        .atLeast(1, maxStreams, "maxStreams");
  }

  private static boolean areGlobs(List<String> actions) {
    try {
      return !new ActionNames(actions).globs().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
