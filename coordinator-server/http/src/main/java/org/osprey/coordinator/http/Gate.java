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
    List<Role> named = needs.stream().map(Gate::role).filter(Objects::nonNull).toList();
    List<Role> wanted = named.isEmpty() ? List.of(Role.OPERATOR) : named;
    Shown shown = shown(context);
    Visit visit = access.visit(() -> isAdmitted(shown, wanted));
    Caller caller = new Caller(access, identify(context, shown), visit);
    caller.require(wanted);
    caller.attach(context);
  }

  /**
   * What somebody shows of himself, kept for later looks: of the request there is nothing left when
   * it has become a WebSocket.
   *
   * @param session id of it; null where another credential goes before it
   */
  private record Shown(
      @Nullable String authorization,
      @Nullable String session,
      @Nullable X509Certificate certificate,
      String peer) {}

  /** Who it is, by its header, its session or its certificate, in this order. */
  Identity identify(Context context) throws RefusedException {
    return identify(context, shown(context));
  }

  private Identity identify(Context context, Shown shown) throws RefusedException {
    SignIn session = cookie.find(shown.session());
    if (session != null) {
      refuseForms(context);
    }
    return identity(shown, session);
  }

  private Shown shown(Context context) {
    String authorization = context.header(Header.AUTHORIZATION);
    return new Shown(
        authorization,
        authorization == null ? cookie.id(context) : null,
        certificate(context),
        context.ip());
  }

  private Identity identity(Shown shown, @Nullable SignIn session) throws RefusedException {
    return session != null
        ? session.identity()
        : access.identify(shown.authorization(), shown.certificate(), shown.peer());
  }

  private boolean isAdmitted(Shown shown, List<Role> wanted) {
    try {
      return wanted.stream().anyMatch(identity(shown, cookie.find(shown.session()))::may);
    } catch (RefusedException e) {
      return false;
    }
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
