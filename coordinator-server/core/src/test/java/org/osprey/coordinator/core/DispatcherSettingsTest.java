package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.DispatcherSettings.Leases;
import org.osprey.coordinator.core.DispatcherSettings.Retries;

class DispatcherSettingsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void theLeastOfEverythingIsTaken() {
    Duration least = Duration.ofNanos(1);
    DispatcherSettings settings =
        new DispatcherSettings(
            new Bounds(1, 1),
            new Bounds(1, 1),
            new Leases(least, Map.of("a", least)),
            new Retries(1, 1, least, least),
            least,
            1,
            least);
    assertEquals(1, settings.agedShare());
  }

  @Test
  void badValuesAreNamedWithWhatWasGot() {
    assertProblem("agedAfter must be positive, got PT0S", () -> with(Duration.ZERO, 1, SECOND));
    assertProblem("agedShare must be at least 1, got 0", () -> with(SECOND, 0, SECOND));
    assertProblem(
        "idleStream must be positive, got PT-1S", () -> with(SECOND, 1, SECOND.negated()));
    assertProblem("actions must be at least 1, got 0", () -> new Bounds(0, 1));
    assertProblem("bytes must be at least 1, got -5", () -> new Bounds(1, -5));
    assertProblem(
        "lease time must be positive, got PT0S", () -> new Leases(Duration.ZERO, Map.of()));
    assertProblem(
        "lease time of user_login must be positive, got PT0S",
        () -> new Leases(SECOND, Map.of("user_login", Duration.ZERO)));
    assertProblem(
        "retries.nacks must be at least 1, got 0", () -> new Retries(0, 1, SECOND, SECOND));
    assertProblem(
        "retries.deaths must be at least 1, got -1", () -> new Retries(1, -1, SECOND, SECOND));
    assertProblem(
        "retries.backoff must be positive, got PT0S",
        () -> new Retries(1, 1, Duration.ZERO, SECOND));
    assertProblem(
        "retries.maxBackoff is shorter than retries.backoff: PT0.999S < PT1S",
        () -> new Retries(1, 1, SECOND, Duration.ofMillis(999)));
  }

  @Test
  void aNameWithoutALeaseTimeOfItsOwnGetsTheStandard() {
    Map<String, Duration> byName = new HashMap<>(Map.of("slow", Duration.ofMinutes(5)));
    Leases leases = new Leases(SECOND, byName);
    byName.put("other", Duration.ofMinutes(9));
    assertEquals(Duration.ofMinutes(5).toNanos(), leases.nanos("slow"));
    assertEquals(SECOND.toNanos(), leases.nanos("other"));
  }

  @Test
  void theDelayDoublesUpToTheLongest() {
    Retries retries = new Retries(1, 1, SECOND, Duration.ofSeconds(5));
    assertEquals(Duration.ofMillis(500).toNanos(), retries.delay(1, 0));
    assertEquals(SECOND.toNanos(), retries.delay(2, 0));
    assertEquals(Duration.ofSeconds(2).toNanos(), retries.delay(3, 0));
    assertEquals(Duration.ofMillis(2_500).toNanos(), retries.delay(4, 0));
    assertEquals(Duration.ofMillis(2_500).toNanos(), retries.delay(Integer.MAX_VALUE, 0));
    assertEquals(Duration.ofMillis(750).toNanos(), retries.delay(1, 0.5));
  }

  @Test
  void manyFailuresOfALongBackoffDoNotWrapAround() {
    Duration backoff = Duration.ofNanos((1L << 34) + 1);
    Retries retries = new Retries(1, 1, backoff, backoff.multipliedBy(2));
    assertEquals(backoff.toNanos(), retries.delay(31, 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theDelayLiesBetweenHalfAndAllOfTheBackoff(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      Duration backoff = Duration.ofNanos(1 + (random.nextLong() >>> (2 + random.nextInt(62))));
      Duration longest = backoff.plusNanos(random.nextLong() >>> (2 + random.nextInt(62)));
      int failures = 1 + random.nextInt(100);
      double full = full(backoff, longest, failures);
      long delay = new Retries(1, 1, backoff, longest).delay(failures, random.nextDouble());
      assertTrue(
          delay >= Math.floor(full * 0.499999) && delay <= full * 1.000001,
          () -> "backoff=%s longest=%s failures=%d".formatted(backoff, longest, failures));
    }
  }

  private static double full(Duration backoff, Duration longest, int failures) {
    return BigInteger.valueOf(backoff.toNanos())
        .shiftLeft(failures - 1)
        .min(BigInteger.valueOf(longest.toNanos()))
        .doubleValue();
  }

  private static void with(Duration agedAfter, int agedShare, Duration idleStream) {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    new DispatcherSettings(
        usual.sync(),
        usual.async(),
        usual.leases(),
        usual.retries(),
        agedAfter,
        agedShare,
        idleStream);
  }

  private static void assertProblem(String message, Executable construction) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, construction).getMessage());
  }
}
