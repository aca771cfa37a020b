package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PostgresPoolTest {

  @Test
  void mistakesNameTheirSetting() {
    assertTrue(
        mistake("postgres://u:secret@h:x:y/d").startsWith("replicaSets.url must be postgres://"));
    assertEquals(
        "replicaSets.url must be that of PostgreSQL, got replicaSets.url=sqlite:a.db",
        mistake("sqlite:a.db"));
    try (PostgresPool pool = pool("postgres://u:secret@h/d")) {
      assertEquals("replicaSets.url=postgresql://h:5432/d", pool.place());
    }
  }

  private static String mistake(String url) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> pool(url).close()).getMessage());
  }

  private static PostgresPool pool(String url) {
    return new PostgresPool("replicaSets", url, "", "", 2, Duration.ofSeconds(1));
  }
}
