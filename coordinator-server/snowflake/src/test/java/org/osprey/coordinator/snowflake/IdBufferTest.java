package org.osprey.coordinator.snowflake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class IdBufferTest {

  @Test
  void idsComeOutAsTheyWentInAroundTheEndOfTheRing() {
    IdBuffer buffer = new IdBuffer(5);
    for (long first = 1; first < 100; first += 3) {
      buffer.add(new long[] {first, first + 1, first + 2});
      assertEquals(3, buffer.size());
      assertEquals(first, buffer.take());
      assertEquals(first + 1, buffer.take());
      assertEquals(first + 2, buffer.take());
    }
    assertEquals(99, buffer.taken());
    assertEquals(IdBuffer.DRY, buffer.take());
    assertEquals(99, buffer.taken());
  }

  @Test
  void itIsBounded() {
    IdBuffer buffer = new IdBuffer(3);
    buffer.add(new long[] {1, 2});
    assertThrows(IllegalStateException.class, () -> buffer.add(new long[] {3, 4}));
    assertEquals(2, buffer.size());
  }
}
