package org.osprey.coordinator.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.ManualTicker;

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
}
