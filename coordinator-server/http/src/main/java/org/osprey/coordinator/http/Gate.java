package org.osprey.coordinator.http;

import io.javalin.config.JavalinConfig;
import io.javalin.config.Key;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import io.javalin.security.RouteRole;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.RefusedException;
import org.osprey.coordinator.security.Role;
import org.osprey.coordinator.security.SignIn;
import org.osprey.coordinator.security.Visit;

/** Finds out who calls, and lets nobody through to a route that is not for them. */
final class Gate {
  static final Set<HandlerType> READS =
      Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);

  private static final Key<Gate> KEY = new Key<>(Gate.class.getName());
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private final Access access;
  private final SessionCookie cookie;

  Gate(HttpSecurity security) {
    access = security.access();
    cookie = new SessionCookie(security);
  }

  /** That of the port on which a request came. */
  static Gate of(Context context) {
    return context.appData(KEY);
  }

  void addTo(JavalinConfig config) {
    config.appData(KEY, this);
    config.routes.beforeMatched(context -> admit(context, context.routeRoles()));
  }

  /**
   * @param needs as a route names them
   */
  void admit(Context context, Set<RouteRole> needs) throws RefusedException {
    if (needs.contains(Need.ANYBODY)) {
      return;
    }
    Caller caller = new Caller(access, identify(context), visit(context));
    List<Role> roles = needs.stream().map(Gate::role).filter(Objects::nonNull).toList();
    caller.require(roles.isEmpty() ? List.of(Role.OPERATOR) : roles);
    caller.attach(context);
  }

  /** Of the request there is nothing left when it has become a WebSocket. */
  private Visit visit(Context context) {
    String authorization = context.header(Header.AUTHORIZATION);
    String session = cookie.id(context);
    String peer = context.ip();
    return access.visit(
        () ->
            authorization != null
                ? isKnown(authorization, peer)
                : session == null || cookie.find(session) != null);
  }

  private boolean isKnown(String authorization, String peer) {
    try {
      access.identify(authorization, null, peer);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  /** Who it is, by its header, its session or its certificate, in this order. */
  Identity identify(Context context) throws RefusedException {
    String authorization = context.header(Header.AUTHORIZATION);
    String id = authorization == null ? cookie.id(context) : null;
    SignIn session = id == null ? null : cookie.find(id);
    if (session != null) {
      refuseForms(context);
      return session.identity();
    }
    return access.identify(authorization, certificate(context), context.ip());
  }

  static @Nullable X509Certificate certificate(Context context) {
    Object shown = context.req().getAttribute(CERTIFICATES);
    return shown instanceof X509Certificate[] chain && chain.length > 0 ? chain[0] : null;
  }

  /** A session comes with requests that its owner knows nothing of, if another page makes them. */
  private static void refuseForms(Context context) {
    if (!READS.contains(context.method()) && context.header(SessionCookie.HEADER) == null) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN,
          SessionCookie.HEADER + ": is missing, want 1 from who has signed in with a browser");
    }
  }

  private static @Nullable Role role(RouteRole need) {
    return need instanceof Need ours ? ours.role() : null;
  }
}
