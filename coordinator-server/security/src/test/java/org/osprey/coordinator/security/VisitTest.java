package org.osprey.coordinator.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.ManualTicker;

class VisitTest {
  private final ManualTicker ticker = new ManualTicker();
  private final AtomicInteger asked = new AtomicInteger();
  private boolean admitted = true;

  private boolean ask() {
    asked.incrementAndGet();
    return admitted;
  }

  @Test
  void looksOnceASecond() {
    Visit visit = new Visit(this::ask, ticker);
    admitted = false;
    assertFalse(visit.isOver());
    ticker.advance(Duration.ofSeconds(1));
    assertTrue(visit.isOver());
    assertTrue(visit.isOver());
    assertEquals(1, asked.get());
  }

  @Test
  void staysOver() {
    Visit visit = new Visit(this::ask, ticker);
    admitted = false;
    ticker.advance(Duration.ofSeconds(1));
    assertTrue(visit.isOver());
    admitted = true;
    ticker.advance(Duration.ofSeconds(1));
    assertTrue(visit.isOver());
  }

  @Test
  void goesOnAsLongAsHeIsAdmitted() {
    Visit visit = new Visit(this::ask, ticker);
    for (int second = 0; second < 10; second++) {
      assertFalse(visit.isOver());
      ticker.advance(Duration.ofSeconds(1));
    }
    assertEquals(9, asked.get());
  }
}
