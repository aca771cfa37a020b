package org.osprey.coordinator.http;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.security.SignIn;

/** Who signed in with a browser, in memory. When there are too many, the oldest ends. */
@ThreadSafe
final class Sessions {
  static final Duration LONGEST = Duration.ofHours(12);
  static final int MOST = 1_000;
  private static final int ID_BYTES = 32;

  @GuardedBy("this")
  private final RandomGenerator random;

  @GuardedBy("this")
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  private record Session(SignIn who, Instant until) {}

  /**
   * @param random that nobody can foretell
   */
  Sessions(RandomGenerator random) {
    this.random = random;
  }

  /** The id, by which its owner is known from now on. */
  synchronized String open(SignIn who, Instant now) {
    sessions.values().removeIf(session -> !now.isBefore(session.until));
    if (sessions.size() >= MOST) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    sessions.put(id, new Session(who, now.plus(LONGEST)));
    return id;
  }

  /** Null when there is none of that id, or not any more. */
  synchronized @Nullable SignIn find(String id, Instant now) {
    Session session = sessions.get(id);
    return session == null || !now.isBefore(session.until) ? null : session.who;
  }

  /** May be repeated. */
  synchronized void end(String id) {
    sessions.remove(id);
  }
}
