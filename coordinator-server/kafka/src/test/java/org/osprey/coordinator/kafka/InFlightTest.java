package org.osprey.coordinator.kafka;

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

    assertTrue(inFlight.take(1));
    assertTrue(inFlight.take(1));
    assertFalse(inFlight.take(1));
    inFlight.giveBack(1);
    assertTrue(inFlight.take(1));
    assertEquals(2, inFlight.actions());
    assertEquals(1, inFlight.finished());
  }

  @Test
  void isBoundedInBytes() {
    InFlight inFlight = new InFlight(10, 100);

    assertTrue(inFlight.take(60));
    assertFalse(inFlight.take(41));
    assertTrue(inFlight.take(40));
    assertEquals(100, inFlight.bytes());
    inFlight.giveBack(60);
    assertEquals(40, inFlight.bytes());
  }

  @Test
  void takesOneThatIsLargerThanAllWhenThereIsNoOther() {
    InFlight inFlight = new InFlight(10, 100);

    assertTrue(inFlight.take(500));
    assertFalse(inFlight.take(0));
    inFlight.giveBack(500);
    assertTrue(inFlight.take(0));
  }

  @Test
  void waitsUntilThereIsRoom() {
    InFlight inFlight = new InFlight(1, 100);
    assertTrue(inFlight.take(1));
    Thread.startVirtualThread(() -> inFlight.giveBack(1));

    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> inFlight.awaitRoom(Duration.ofMinutes(1)));
    assertEquals(0, inFlight.actions());
  }

  @Test
  void waitsNoLongerThanAsked() {
    InFlight inFlight = new InFlight(1, 100);
    assertTrue(inFlight.take(1));

    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> inFlight.awaitRoom(Duration.ofMillis(10)));
    assertEquals(1, inFlight.actions());
  }
}
