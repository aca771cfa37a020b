package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Ticker;

@Timeout(120)
class WatchersTest {
  private static final Duration SOON = Duration.ofMillis(5);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration QUIET = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final CountingPainter painter = new CountingPainter(1);
  private Watchers watchers = watchers(SOON, 3);

  @AfterEach
  void close() {
    watchers.close();
  }

  @Test
  void nothingIsPaintedWhileNobodyWatches() {
    watchers.start();
    await().during(QUIET).until(() -> painter.painted.get() == 0);
    look(2);
    // One may be under way.
    int last = painter.painted.get() + 1;
    await().during(QUIET).until(() -> painter.painted.get() <= last);
    assertEquals(1, painter.begun.get());
  }

  @Test
  void aPauseIsToldToThePainter() {
    watchers.start();
    for (int round = 1; round <= 3; round++) {
      int before = painter.begun.get();
      // As long as nobody has noticed that the last one left, there is no pause.
      await()
          .until(
              () -> {
                look(1);
                return painter.begun.get() > before;
              });
    }
  }

  /** Watches until so many pictures more are painted, and cannot be too slow for them. */
  private void look(int pictures) {
    int wanted = painter.painted.get() + pictures;
    Watcher watcher = watchers.join(() -> {});
    await().until(() -> painter.painted.get() >= wanted);
    watchers.leave(watcher);
  }

  @Test
  void allGetTheSamePicture() throws InterruptedException {
    watchers = watchers(NEVER, 3);
    Watcher one = watchers.join(() -> {});
    Watcher other = watchers.join(() -> {});
    watchers.start();
    byte[] picture = one.next(PATIENCE);
    assertArrayEquals("event: picture\ndata: 1 x\n\n".getBytes(UTF_8), picture);
    assertEquals(picture, other.next(PATIENCE));
  }

  @Test
  void whoComesBetweenTwoPicturesGetsTheNewestAtOnce() throws InterruptedException {
    watchers = watchers(NEVER, 3);
    watchers.start();
    byte[] picture = watchers.join(() -> {}).next(PATIENCE);
    assertEquals(picture, watchers.join(() -> {}).next(Duration.ZERO));
    assertEquals(1, painter.painted.get());
  }

  @Test
  void whoDoesNotKeepUpIsCutOffAndTheOthersGoOn() throws InterruptedException {
    Semaphore wanted = new Semaphore(0);
    watchers = new Watchers(new OnDemand(wanted), Duration.ofNanos(1), 3, Ticker.system());
    AtomicInteger cuts = new AtomicInteger();
    Watcher slow = watchers.join(cuts::incrementAndGet);
    Watcher quick = watchers.join(() -> {});
    watchers.start();
    for (int i = 1; i <= 10; i++) {
      assertTrue(i > 3 || !slow.ended(), "before picture " + i);
      wanted.release();
      assertNotNull(quick.next(PATIENCE));
    }
    await().atMost(PATIENCE).until(() -> cuts.get() == 1);
    assertNull(slow.next(Duration.ZERO));
    assertEquals(1, watchers.count());
    wanted.release();
  }

  /** Paints when the test says so. */
  private record OnDemand(Semaphore wanted) implements Watchers.Painter {
    @Override
    public void begin() {}

    @Override
    public byte[] paint() {
      wanted.acquireUninterruptibly();
      return new byte[] {1};
    }
  }

  @Test
  void thereIsRoomForSoManyAndNoMore() {
    Watcher first = watchers.join(() -> {});
    watchers.join(() -> {});
    watchers.join(() -> {});
    ProblemException full = assertThrows(ProblemException.class, () -> watchers.join(() -> {}));
    assertEquals(503, full.status().getCode());
    assertEquals("3 watch already: http.maxWatchers", full.getMessage());
    watchers.leave(first);
    watchers.leave(first);
    watchers.join(() -> {});
    assertEquals(3, watchers.count());
  }

  @Test
  void theLastWordIsThatItCloses() throws InterruptedException {
    watchers = watchers(NEVER, 3);
    watchers.start();
    AtomicBoolean cut = new AtomicBoolean();
    Watcher watcher = watchers.join(() -> cut.set(true));
    watchers.close();
    assertTrue(watcher.ended());
    assertNull(watcher.next(PATIENCE));
    assertEquals(false, cut.get());
    assertThrows(ProblemException.class, () -> watchers.join(() -> {}));
    watchers.close();
  }

  @Test
  void aPictureThatCannotBePaintedIsTriedAgain() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    watchers =
        new Watchers(
            new Watchers.Painter() {
              @Override
              public void begin() {}

              @Override
              public byte[] paint() {
                if (tries.incrementAndGet() == 1) {
                  throw new IllegalStateException("the test wants it so");
                }
                return new byte[] {1};
              }
            },
            NEVER,
            1,
            Ticker.system());
    Watcher watcher = watchers.join(() -> {});
    watchers.start();
    assertArrayEquals(new byte[] {1}, watcher.next(PATIENCE));
    assertEquals(2, tries.get());
  }

  @Test
  void theCheckTellsHowManyWatch() {
    watchers = watchers(NEVER, 3);
    watchers.start();
    assertEquals(Check.ok("watchers", "0 of at most 3"), watchers.check());
    watchers.join(() -> {});
    assertEquals(Check.ok("watchers", "1 of at most 3"), watchers.check());
  }

  private Watchers watchers(Duration every, int most) {
    return new Watchers(painter, every, most, Ticker.system());
  }
}
