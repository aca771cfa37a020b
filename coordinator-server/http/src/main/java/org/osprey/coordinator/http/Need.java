package org.osprey.coordinator.http;

import io.javalin.security.RouteRole;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.security.Role;

/**
 * What a route wants of who calls it. Where it names several, one of them is enough; a route that
 * names none is for operators.
 */
public enum Need implements RouteRole {
  /** Pages without anything in them, and what says whether the coordinator lives. */
  ANYBODY(null),
  VIEWER(Role.VIEWER),
  OPERATOR(Role.OPERATOR),
  SUBMITTER(Role.SUBMITTER);

  private final @Nullable Role role;

  Need(@Nullable Role role) {
    this.role = role;
  }

  /** Null for anybody. */
  @Nullable Role role() {
    return role;
  }
}
