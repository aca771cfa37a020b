package org.osprey.coordinator.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  @Test
  void doublesItsBoundUpToTheLongest() {
    Backoff backoff = new Backoff(SHORTEST, LONGEST, new Highest());
    assertEquals(List.of(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L), millis(backoff, 7));
    backoff.reset();
    assertEquals(List.of(200L), millis(backoff, 1));
  }

  @Test
  void staysWithinItsLimits() {
    Backoff backoff = new Backoff(SHORTEST, LONGEST, new Random(1));
    assertTrue(millis(backoff, 1_000).stream().allMatch(pause -> pause >= 100 && pause <= 5_000));
  }

  private static List<Long> millis(Backoff backoff, int count) {
    return Stream.generate(backoff::next).limit(count).map(Duration::toMillis).toList();
  }

  private static final class Highest implements RandomGenerator {
    @Override
    public long nextLong() {
      return Long.MAX_VALUE;
    }

    @Override
    public long nextLong(long origin, long bound) {
      return bound - 1;
    }
  }
}
