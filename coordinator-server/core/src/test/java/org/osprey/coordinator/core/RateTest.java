package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateTest {
  private final ManualTicker ticker = new ManualTicker();

  @Test
  void aSecondsWorthIsSavedUpAndNoMore() {
    Rate rate = new Rate(4, ticker);
    assertEquals(4, rate.available());
    rate.spend(4);
    assertEquals(0, rate.available());
    ticker.advance(Duration.ofMillis(500));
    assertEquals(2, rate.available());
    ticker.advance(Duration.ofMinutes(1));
    assertEquals(4, rate.available());
  }

  @Test
  void aSlowRateLetsOneThroughAtATime() {
    Rate rate = new Rate(0.5, ticker);
    assertEquals(1, rate.available());
    rate.spend(1);
    ticker.advance(Duration.ofMillis(1_900));
    assertEquals(0, rate.available());
    ticker.advance(Duration.ofMillis(200));
    assertEquals(1, rate.available());
  }

  @Test
  void noneIsNoBound() {
    Rate rate = new Rate(0, ticker);
    rate.spend(1_000);
    assertEquals(Integer.MAX_VALUE, rate.available());
  }

  @Test
  void aBurstIsMoreThanASecondsWorth() {
    Rate rate = new Rate(2, 10, ticker);
    assertTrue(rate.take(10));
    assertFalse(rate.take(1));
    ticker.advance(Duration.ofSeconds(1));
    assertFalse(rate.take(3));
    assertTrue(rate.take(2));
  }
}
