package org.osprey.coordinator.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.InFlight;

class SmallPartsTest {
  @Test
  void roomIsAskedForWhenThereIsMuchOfIt() {
    InFlight room = new InFlight(20, 1000);
    assertTrue(room.hasMuchRoom());
    for (int i = 0; i < 19; i++) {
      room.take(1);
    }
    assertFalse(room.hasMuchRoom());
    room.giveBack(1);
    assertTrue(room.hasMuchRoom());
    assertEquals(2, room.freeActions());
    room.take(950);
    assertFalse(room.hasMuchRoom());
    assertEquals(968, room.bytes());
    assertEquals(19, room.actions());
  }

  @Test
  void oneMessageLargerThanTheRoomIsNotInTheWayForEver() {
    InFlight room = new InFlight(20, 1000);
    room.take(5000);
    assertFalse(room.hasMuchRoom());
    room.giveBack(5000);
    assertTrue(room.hasMuchRoom());
  }

  @Test
  void whoeverWaitsForRoomIsWoken() throws Exception {
    InFlight room = new InFlight(1, 1000);
    room.take(1);
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> room.awaitRoom(Duration.ofMinutes(1)));
    room.giveBack(1);
    waiting.get(60, TimeUnit.SECONDS);
  }

  @Test
  void finishedMessagesAreForgottenInTheirOrder() {
    FinishedMessages finished = new FinishedMessages(2);
    finished.add(key(1));
    finished.add(key(2));
    finished.add(key(2));
    assertTrue(finished.contains(key(1)));
    finished.add(key(3));
    assertFalse(finished.contains(key(1)));
    assertTrue(finished.contains(key(2)));
    assertFalse(finished.contains(new MessageKey(2, Instant.EPOCH.plusNanos(1))));
    finished.clear();
    assertFalse(finished.contains(key(3)));
  }

  @Test
  void redeliveriesBecomeRarer() {
    Redelivery redelivery = new Redelivery(new Random(1));
    for (long deliveries = 1; deliveries < 10; deliveries++) {
      Duration delay = redelivery.delay(deliveries);
      long least = 1L << Math.min(5, deliveries - 1);
      assertTrue(delay.compareTo(Duration.ofSeconds(least)) >= 0, delay::toString);
      assertTrue(delay.compareTo(Duration.ofSeconds(least * 2)) < 0, delay::toString);
    }
    assertTrue(redelivery.delay(0).compareTo(Duration.ofSeconds(2)) < 0);
    assertTrue(redelivery.delay(Long.MAX_VALUE).compareTo(Duration.ofSeconds(64)) < 0);
  }

  private static MessageKey key(long sequence) {
    return new MessageKey(sequence, Instant.EPOCH);
  }
}
