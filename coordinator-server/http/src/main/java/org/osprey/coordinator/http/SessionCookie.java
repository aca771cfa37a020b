package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.security.SignIn;

/**
 * The cookie with the id of a browser's session. No script can read it, and browsers send it with
 * requests of this site only; those that change something must have a header too, which no form and
 * no link can send.
 */
final class SessionCookie {
  static final String HEADER = "X-Coordinator-Request";
  private static final int ENDS_WITH_BROWSER = -1;
  private static final int AT_ONCE = 0;

  private final HttpSecurity security;

  SessionCookie(HttpSecurity security) {
    this.security = security;
  }

  /** Of the session; null when the browser shows none. */
  @Nullable String id(Context context) {
    return context.cookie(name(context));
  }

  /**
   * Who has signed in with that browser; null when nobody has, or not any more.
   *
   * @param id null for none
   */
  @Nullable SignIn find(@Nullable String id) {
    if (id == null) {
      return null;
    }
    SignIn found = security.sessions().find(id, security.clock().instant());
    if (found != null && !security.access().isGood(found)) {
      security.sessions().end(id);
      return null;
    }
    return found;
  }

  void begin(Context context, SignIn who) {
    forget(context);
    set(context, security.sessions().open(who, security.clock().instant()), ENDS_WITH_BROWSER);
  }

  void end(Context context) {
    forget(context);
    set(context, "", AT_ONCE);
  }

  private void forget(Context context) {
    String id = id(context);
    if (id != null) {
      security.sessions().end(id);
    }
  }

  private static void set(Context context, String id, int maxAge) {
    boolean secure = context.req().isSecure();
    context.cookie(new Cookie(name(context), id, "/", maxAge, secure, true, null, SameSite.STRICT));
  }

  /** Browsers do not tell ports apart, and several coordinators may be on one host. */
  private static String name(Context context) {
    return "coordinator-session-" + context.req().getLocalPort();
  }
}
