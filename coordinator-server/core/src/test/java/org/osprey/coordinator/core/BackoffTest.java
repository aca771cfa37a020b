package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void itDoublesUpToTheLongestAndStartsAgainAfterASuccess() {
    Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(50), () -> 0);
    assertEquals(Duration.ofMillis(5), backoff.next());
    assertEquals(Duration.ofMillis(10), backoff.next());
    assertEquals(Duration.ofMillis(20), backoff.next());
    assertEquals(Duration.ofMillis(25), backoff.next());
    for (int i = 0; i < 100; i++) {
      assertEquals(Duration.ofMillis(25), backoff.next());
    }
    backoff.reset();
    assertEquals(Duration.ofMillis(5), backoff.next());
  }

  @Test
  void jitterReachesUpToTheWholeStep() {
    Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(50), () -> 0.5);
    assertEquals(Duration.ofNanos(7_500_000), backoff.next());
  }

  @Test
  void theLongestIsReachedHoweverOftenItFails() {
    Backoff backoff = new Backoff(Duration.ofNanos(1), Duration.ofDays(1), () -> 0.999_999);
    for (int i = 0; i < 200; i++) {
      assertTrue(backoff.next().compareTo(Duration.ofDays(1)) <= 0);
    }
    assertTrue(backoff.next().compareTo(Duration.ofHours(23)) > 0);
  }
}
