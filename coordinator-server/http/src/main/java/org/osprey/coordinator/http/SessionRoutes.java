package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.RefusedException;
import org.osprey.coordinator.security.Role;
import org.osprey.coordinator.security.SignIn;

/** Signs people in who use a browser, and tells everybody who they are and what they may do. */
public final class SessionRoutes implements HttpRoutes {
  private static final String PATH = "/api/session";
  private static final int LONGEST_BODY = 16 * 1024;

  private final Access access;
  private final SessionCookie cookie;

  public SessionRoutes(HttpSecurity security) {
    access = security.access();
    cookie = new SessionCookie(security);
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get(PATH, this::show, Need.ANYBODY);
    routes.post(PATH, this::begin, Need.ANYBODY);
    routes.delete(PATH, this::end, Need.ANYBODY);
  }

  private record Credential(@Nullable String token) {}

  /**
   * @param required whether anybody is asked who they are
   * @param signedIn whether there is a session that can be ended
   * @param name null for who is not known
   * @param may titles of the roles that it has, and of those that they cover
   */
  private record View(
      boolean required, boolean signedIn, @Nullable String name, List<String> may) {}

  private void show(Context context) throws RefusedException {
    SignIn session = cookie.find(cookie.id(context));
    Identity who = session == null ? withoutSession(context) : session.identity();
    answer(context, session != null, who);
  }

  /** Null for who shows nothing where that is not enough: asking is no offence. */
  private @Nullable Identity withoutSession(Context context) throws RefusedException {
    boolean shows = context.header("Authorization") != null || Gate.certificate(context) != null;
    return shows ? Gate.of(context).identify(context) : access.anonymous();
  }

  private void begin(Context context) throws RefusedException {
    if (access.isOpen()) {
      throw ProblemException.conflict("nobody has to sign in here");
    }
    SignIn who = access.signIn(token(context), context.ip());
    cookie.begin(context, who);
    answer(context, true, who.identity());
  }

  private void end(Context context) {
    cookie.end(context);
    context.status(HttpStatus.NO_CONTENT);
  }

  /** Says nothing of what came instead, which may have the token in it. */
  private static String token(Context context) {
    byte[] body = Parameters.jsonBody(context);
    if (body.length > LONGEST_BODY) {
      throw new ProblemException(
          HttpStatus.CONTENT_TOO_LARGE, "want at most %d bytes".formatted(LONGEST_BODY));
    }
    String token = null;
    try {
      token = Json.read(body, Credential.class).token();
    } catch (ProblemException e) {
      // Said below.
    }
    if (token == null) {
      throw ProblemException.badRequest("want {\"token\": \"...\"}");
    }
    return token.strip();
  }

  private void answer(Context context, boolean signedIn, @Nullable Identity who) {
    context.header("Cache-Control", "no-store");
    context.json(
        new View(
            !access.isOpen(),
            signedIn,
            who == null ? null : who.name(),
            who == null ? List.of() : may(who)));
  }

  private static List<String> may(Identity who) {
    return Arrays.stream(Role.values()).filter(who::may).map(Role::title).sorted().toList();
  }
}
