package org.osprey.coordinator.snowflake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  @Test
  void itDoublesUpToTheLongestAndStartsAgainAfterASuccess() {
    Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(50), () -> 0);
    assertEquals(5 * MILLI, backoff.failed());
    assertEquals(10 * MILLI, backoff.failed());
    assertEquals(20 * MILLI, backoff.failed());
    assertEquals(25 * MILLI, backoff.failed());
    for (int i = 0; i < 100; i++) {
      assertEquals(25 * MILLI, backoff.failed());
    }
    backoff.succeeded();
    assertEquals(5 * MILLI, backoff.failed());
  }

  @Test
  void jitterReachesUpToTheWholeStep() {
    Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(50), () -> 0.5);
    assertEquals(MILLI * 15 / 2, backoff.failed());
  }
}
