package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.kafka.OffsetWindow.Unfinished;

class OffsetWindowTest {
  @Test
  void knowsNoPositionBeforeTheFirstRecord() {
    OffsetWindow window = new OffsetWindow(4, Integer.MAX_VALUE);

    assertEquals(OffsetWindow.NO_POSITION, window.position().offset());
    assertNull(window.oldestUnfinished());
    assertFalse(window.isFull());
  }

  @Test
  void staysAtTheOldestUnfinished() {
    OffsetWindow window = new OffsetWindow(4, Integer.MAX_VALUE);
    long first = window.add(10, 1);
    long second = window.add(11, 2);
    window.finish(second);

    assertEquals(10, window.position().offset());
    assertEquals(new Unfinished(10, 1), window.oldestUnfinished());
    window.finish(first);
    assertEquals(12, window.position().offset());
    assertNull(window.oldestUnfinished());
  }

  @Test
  void passesGapsBetweenRecordsAndAfterThem() {
    OffsetWindow window = new OffsetWindow(4, Integer.MAX_VALUE);
    long first = window.add(5, 1);
    long second = window.add(1_000_000, 2);
    window.readTo(1_000_002);
    window.finish(first);

    assertEquals(1_000_000, window.position().offset());
    window.finish(second);
    assertEquals(1_000_002, window.position().offset());
  }

  @Test
  void followsATopicThatStartsAgain() {
    OffsetWindow window = new OffsetWindow(4, Integer.MAX_VALUE);
    long old = window.add(900, 1);
    long fresh = window.add(0, 2);
    window.finish(fresh);

    assertEquals(900, window.position().offset());
    window.finish(old);
    assertEquals(1, window.position().offset());
  }

  @Test
  void finishingTwiceOrUnknownTicketsChangesNothing() {
    OffsetWindow window = new OffsetWindow(4, Integer.MAX_VALUE);
    long first = window.add(0, 1);
    long second = window.add(1, 2);
    window.finish(second);
    window.finish(second);
    window.finish(99);
    window.finish(-1);

    assertEquals(0, window.position().offset());
    window.finish(first);
    window.finish(first);
    assertEquals(2, window.position().offset());
  }

  @Test
  void isFullByFinishedRecordsThatNoCommitCovers() {
    OffsetWindow window = new OffsetWindow(100, 3);
    long[] tickets = LongStream.range(0, 5).map(offset -> window.add(offset, 0)).toArray();
    window.finish(tickets[4]);
    window.finish(tickets[1]);
    window.finish(tickets[0]);
    OffsetWindow.Position two = window.position();
    assertEquals(2, two.offset());
    assertFalse(window.isFull());

    window.finish(tickets[2]);
    assertTrue(window.isFull());
    OffsetWindow.Position three = window.position();
    window.committed(three);
    assertFalse(window.isFull());

    // An answer that comes late takes nothing back.
    window.committed(two);
    window.finish(tickets[3]);
    assertFalse(window.isFull());
    assertEquals(5, window.position().offset());
  }

  @Test
  void isFullByRecordsFromTheOldestUnfinished() {
    OffsetWindow window = new OffsetWindow(2, Integer.MAX_VALUE);
    long first = window.add(0, 1);
    long second = window.add(500, 2);
    window.finish(second);

    assertTrue(window.isFull());
    assertThrows(IllegalStateException.class, () -> window.add(501, 3));
    window.finish(first);
    assertFalse(window.isFull());
  }

  @Test
  void afterTheEndOfItsEpochNothingMoves() {
    OffsetWindow window = new OffsetWindow(4, Integer.MAX_VALUE);
    long first = window.add(0, 1);
    window.close();
    window.finish(first);

    assertEquals(0, window.position().offset());
    assertTrue(window.isClosed());
    assertNull(window.oldestUnfinished());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void agreesWithANaiveModel(long seed) {
    Random random = new Random(seed);
    int capacity = 1 + random.nextInt(200);
    OffsetWindow window = new OffsetWindow(capacity, Integer.MAX_VALUE);
    NaiveWindow model = new NaiveWindow();
    List<long[]> unfinished = new ArrayList<>();
    long offset = random.nextInt(1000);

    for (int step = 0; step < 20_000; step++) {
      assertEquals(model.size() >= capacity, window.isFull());
      if (!window.isFull() && random.nextInt(100) < 55) {
        unfinished.add(new long[] {window.add(offset, step), offset});
        model.add(offset);
        offset += random.nextInt(5) == 0 ? 1 + random.nextInt(50) : 1;
      } else if (!unfinished.isEmpty()) {
        long[] one = unfinished.remove(random.nextInt(unfinished.size()));
        window.finish(one[0]);
        model.finish(one[1]);
      }
      assertEquals(model.position(), window.position().offset());
    }
  }

  @Test
  void finishesFromManyThreadsWhileRecordsAreAdded() {
    OffsetWindow window = new OffsetWindow(1 << 20, Integer.MAX_VALUE);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int offset = 0; offset < 100_000; offset++) {
        long ticket = window.add(offset, offset);
        threads.execute(() -> window.finish(ticket));
      }
    }

    assertEquals(100_000, window.position().offset());
    assertNull(window.oldestUnfinished());
  }

  /** The same with boxed numbers, in the most obvious way. */
  private static final class NaiveWindow {
    private final TreeMap<Long, Boolean> finishedByOffset = new TreeMap<>();
    private long next = OffsetWindow.NO_POSITION;

    void add(long offset) {
      finishedByOffset.put(offset, false);
      next = offset + 1;
    }

    void finish(long offset) {
      finishedByOffset.put(offset, true);
      while (!finishedByOffset.isEmpty() && finishedByOffset.firstEntry().getValue()) {
        finishedByOffset.pollFirstEntry();
      }
    }

    int size() {
      return finishedByOffset.size();
    }

    long position() {
      return finishedByOffset.isEmpty() ? next : finishedByOffset.firstKey();
    }
  }
}
