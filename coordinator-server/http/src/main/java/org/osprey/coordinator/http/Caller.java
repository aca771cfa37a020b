package org.osprey.coordinator.http;

import io.javalin.http.Context;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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

  /** For people; no secret. */
  public String name() {
    return identity.name();
  }

  /** Whether it has shown nothing. */
  public boolean isAnonymous() {
    return identity == access.anonymous();
  }

  /**
   * Whether it may look at what somebody submitted: at everything, or at what is its own.
   *
   * @param submittedBy a name as of {@link #name}; null when it is not known
   */
  public boolean maySee(@Nullable String submittedBy) {
    return identity.may(Role.VIEWER) || identity.name().equals(submittedBy);
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
