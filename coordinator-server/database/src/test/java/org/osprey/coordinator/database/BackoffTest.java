package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void doublesUpToALimitAndStartsAgain() {
    RandomGenerator longest = () -> 0;
    Backoff backoff = new Backoff(longest);
    assertEquals(Duration.ofMillis(50), backoff.next());
    assertEquals(Duration.ofMillis(100), backoff.next());
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }
    assertEquals(Duration.ofSeconds(5), backoff.next());
    backoff.reset();
    assertEquals(Duration.ofMillis(50), backoff.next());
  }

  @Test
  void isShortenedByUpToAHalf() {
    Backoff backoff = new Backoff(new Random(1));
    for (int i = 0; i < 1000; i++) {
      long millis = backoff.next().toMillis();
      backoff.reset();
      assertTrue(millis >= 25 && millis <= 50, () -> "got " + millis);
    }
  }
}
