package org.osprey.coordinator.http;

import io.javalin.http.Context;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.RefusedException;
import org.osprey.coordinator.security.Role;
import org.osprey.coordinator.security.Visit;

/** Who sent a request. */
public final class Caller {
  private static final String ATTRIBUTE = Caller.class.getName();

  private final Access access;
  private final Identity identity;
  private final Visit visit;

  Caller(Access access, Identity identity, Visit visit) {
    this.access = access;
    this.visit = visit;
    this.identity = identity;
  }

  /** Of a route that is not for anybody. */
  public static Caller of(Context context) {
    return Objects.requireNonNull(context.attribute(ATTRIBUTE), "the route is for anybody");
  }

  void attach(Context context) {
    context.attribute(ATTRIBUTE, this);
  }

  /**
   * Whether it may send an action, which uses up some of its rate.
   *
   * @param payload bytes
   */
  public void send(String action, long payload) throws RefusedException {
    access.send(identity, action, payload);
  }

  /** Whether it has one of the roles. */
  void require(Collection<Role> oneOf) throws RefusedException {
    if (oneOf.stream().noneMatch(identity::may)) {
      access.require(identity, List.copyOf(oneOf).getFirst());
    }
  }

  /** Whether it would not be let in any more. At any time, even after the request; cheap. */
  public boolean isGone() {
    return visit.isOver();
  }

  Identity identity() {
    return identity;
  }
}
