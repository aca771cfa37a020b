package org.osprey.coordinator.replica.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {

  /** Others may compute slots too: these never change. */
  @ParameterizedTest
  @CsvSource({"'', 1", "a, 0", "order-1, 50", "stream-499, 54", "größe, 4", "日本, 36"})
  void theSlotOfAStreamIsFixed(String streamId, int slot) {
    assertEquals(slot, Slots.slot(streamId));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 63, 64})
  void workersHaveEachSlotOnce(int workers) {
    int[] owners = new int[Slots.COUNT];
    for (int worker = 0; worker < workers; worker++) {
      Slots.of(worker, workers).stream().forEach(slot -> owners[slot]++);
    }
    for (int owner : owners) {
      assertEquals(1, owner);
    }
  }

  @Test
  void moreWorkersThanSlotsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Slots.of(0, 65));
    assertThrows(IllegalArgumentException.class, () -> Slots.of(2, 2));
  }
}
