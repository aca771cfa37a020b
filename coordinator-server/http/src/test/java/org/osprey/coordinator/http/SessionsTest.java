package org.osprey.coordinator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.security.SignIn;

class SessionsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final Sessions sessions = new Sessions(new Random(1));
  @TempDir private Path folder;

  @Test
  void aSessionLastsItsTimeAndNoLonger() throws Exception {
    SignIn who = someone();
    String id = sessions.open(who, NOW);
    assertEquals(43, id.length());
    Instant end = NOW.plus(Sessions.LONGEST);
    assertEquals(who, sessions.find(id, end.minusMillis(1)));
    assertNull(sessions.find(id, end));
  }

  @Test
  void anEndedSessionIsGone() throws Exception {
    String id = sessions.open(someone(), NOW);
    String other = sessions.open(someone(), NOW);
    assertNotEquals(id, other);
    sessions.end(id);
    sessions.end(id);
    assertNull(sessions.find(id, NOW));
    assertNotNull(sessions.find(other, NOW));
  }

  @Test
  void theOldestGivesWayWhenThereAreTooMany() throws Exception {
    SignIn who = someone();
    String oldest = sessions.open(who, NOW);
    String second = sessions.open(who, NOW);
    for (int i = 2; i < Sessions.MOST; i++) {
      sessions.open(who, NOW);
    }
    assertEquals(who, sessions.find(oldest, NOW));
    sessions.open(who, NOW);
    assertNull(sessions.find(oldest, NOW));
    assertEquals(who, sessions.find(second, NOW));
  }

  @Test
  void thoseWhoseTimeIsUpGiveWayFirst() throws Exception {
    SignIn who = someone();
    for (int i = 1; i < Sessions.MOST; i++) {
      sessions.open(who, NOW);
    }
    Instant later = NOW.plus(Sessions.LONGEST);
    String last = sessions.open(who, later.minusMillis(1));
    sessions.open(who, later);
    assertEquals(who, sessions.find(last, later));
  }

  private SignIn someone() throws Exception {
    try (KnownCallers callers = KnownCallers.ofEachRole(folder)) {
      return callers.security().access().signIn(KnownCallers.token("viewer"), "test");
    }
  }
}
