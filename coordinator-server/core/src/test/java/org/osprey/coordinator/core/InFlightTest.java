package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InFlightTest {
  @Test
  void isBoundedInActions() {
    InFlight inFlight = new InFlight(2, 1000);

    assertTrue(inFlight.tryTake(1));
    assertTrue(inFlight.tryTake(1));
    assertFalse(inFlight.tryTake(1));
    inFlight.giveBack(1);
    assertTrue(inFlight.tryTake(1));
    assertEquals(2, inFlight.actions());
    assertEquals(1, inFlight.finished());
  }

  @Test
  void isBoundedInBytes() {
    InFlight inFlight = new InFlight(10, 100);

    assertTrue(inFlight.tryTake(60));
    assertFalse(inFlight.tryTake(41));
    assertTrue(inFlight.tryTake(40));
    assertEquals(100, inFlight.bytes());
    inFlight.giveBack(60);
    assertEquals(40, inFlight.bytes());
  }

  @Test
  void takesOneThatIsLargerThanAllWhenThereIsNoOther() {
    InFlight inFlight = new InFlight(10, 100);

    assertTrue(inFlight.tryTake(500));
    assertFalse(inFlight.tryTake(0));
    inFlight.giveBack(500);
    assertTrue(inFlight.tryTake(0));
  }

  @Test
  void waitsUntilThereIsRoom() {
    InFlight inFlight = new InFlight(1, 100);
    assertTrue(inFlight.tryTake(1));
    Thread.startVirtualThread(() -> inFlight.giveBack(1));

    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> inFlight.awaitRoom(Duration.ofMinutes(1)));
    assertEquals(0, inFlight.actions());
  }

  @Test
  void waitsNoLongerThanAsked() {
    InFlight inFlight = new InFlight(1, 100);
    assertTrue(inFlight.tryTake(1));

    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> inFlight.awaitRoom(Duration.ofMillis(10)));
    assertEquals(1, inFlight.actions());
  }
}
