package org.osprey.coordinator.snowflake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.IdGeneratorContract;
import org.osprey.coordinator.core.IdGenerator;

class LocalIdsTest implements IdGeneratorContract {
  private static final long NOW = LocalIds.EPOCH + 1_000_000;

  private final AtomicLong clock = new AtomicLong(NOW);

  @Override
  public IdGenerator ids() {
    return LocalIds.reserved();
  }

  @Test
  void theLayoutIs41BitsOfTime5OfDataCentre5OfWorker12OfSequence() {
    LocalIds ids = new LocalIds(clock::get, 3, 5);
    assertEquals((1_000_000L << 22) | (3 << 17) | (5 << 12), ids.next());
    assertEquals((1_000_000L << 22) | (3 << 17) | (5 << 12) | 1, ids.next());
    clock.incrementAndGet();
    assertEquals((1_000_001L << 22) | (3 << 17) | (5 << 12), ids.next());
  }

  @Test
  void aMillisecondThatIsUsedUpBorrowsTheNext() {
    LocalIds ids = new LocalIds(clock::get, 0, 0);
    for (int i = 0; i < 4096; i++) {
      assertEquals((1_000_000L << 22) | i, ids.next());
    }
    assertEquals(1_000_001L << 22, ids.next());
    clock.incrementAndGet();
    assertEquals((1_000_001L << 22) | 1, ids.next());
  }

  @Test
  void aClockThatGoesBackIsNotFollowed() {
    LocalIds ids = new LocalIds(clock::get, 0, 0);
    ids.next();
    clock.set(0);
    assertEquals((1_000_000L << 22) | 1, ids.next());
    clock.set(NOW + 1);
    assertEquals(1_000_001L << 22, ids.next());
  }

  @Test
  void theReservedNodeIsTheDefault() {
    LocalIds ids = LocalIds.reserved();
    long id = ids.next();
    assertEquals(0b11111_11111, (id >>> 12) & 0x3FF);
    assertTrue(ids.owns(id));
    assertFalse(new LocalIds(clock::get, 31, 30).owns(id));
    assertTrue(id > 0);
  }

  @Test
  void nodesHaveFiveBits() {
    assertThrows(IllegalArgumentException.class, () -> new LocalIds(clock::get, 32, 0));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new LocalIds(clock::get, 0, -1));
    assertEquals("workerId must be 0 to 31, got -1", e.getMessage());
  }

  @Test
  void tenMillionIdsOfSeveralThreadsDiffer() throws InterruptedException, ExecutionException {
    Ids.assertAllDiffer(Ids.take(LocalIds.reserved(), 4, 2_500_000));
  }

  @Test
  void idsDifferWhileTheClockJumps() throws InterruptedException, ExecutionException {
    AtomicLong calls = new AtomicLong();
    LocalIds ids = new LocalIds(() -> NOW + (calls.incrementAndGet() * 7919) % 5000, 1, 1);
    Ids.assertAllDiffer(Ids.take(ids, 4, 250_000));
  }
}
