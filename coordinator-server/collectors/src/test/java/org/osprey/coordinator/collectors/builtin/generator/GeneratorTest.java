package org.osprey.coordinator.collectors.builtin.generator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collectors.builtin.FakeContext;
import org.osprey.coordinator.collectors.builtin.RecordingEmitter;

class GeneratorTest {
  private static final long SECOND = 1_000_000_000;

  private final FakeContext context = new FakeContext("load");

  @Test
  void theRateIsKeptOverAnyTime() {
    Pace pace = new Pace(3, 1, 0);
    assertEquals(0, pace.take(SECOND / 4));
    assertEquals(1, pace.take(SECOND / 3 + 1));
    assertNear(SECOND * 2 / 3, pace.untilNext(0), 2);
    assertEquals(2, pace.take(SECOND));
    long sum = 3;
    for (long now = SECOND; now <= 100 * SECOND; now += SECOND / 7) {
      sum += pace.take(now);
    }
    assertNear(300, sum, 1);
  }

  @Test
  void burstsKeepTheRate() {
    Pace pace = new Pace(100, 50, 0);
    assertEquals(0, pace.take(SECOND * 49 / 100));
    assertEquals(50, pace.take(SECOND / 2 + 1));
    assertNear(SECOND, pace.untilNext(0), 2);
    assertEquals(50, pace.take(SECOND + 1));
  }

  @Test
  void whatWasHeldUpIsCaughtUpWithForASecondAtMost() {
    Pace pace = new Pace(1_000, 1, 0);
    assertEquals(1_000, pace.take(SECOND));
    assertEquals(500, pace.take(SECOND * 3 / 2));
    assertEquals(1_000, pace.take(60 * SECOND));
    assertEquals(1_000, pace.take(61 * SECOND));
  }

  @Test
  void allThreadsTogetherEmitTheCountAndEnd() {
    RecordingEmitter emitter = new RecordingEmitter();
    try (Collector generator = create(new GeneratorConfig(0, 300, 4, 1_003, 1))) {
      start(generator, emitter);
      await().until(() -> generator.health().detail().contains("all it was to"));
    }
    var events = emitter.take();
    assertEquals(1_003, events.size());
    assertEquals(300, ((Payload.Json) events.getFirst().payload()).bytes().length);
    assertEquals("generator.tick", events.getFirst().type());
    assertEquals(0, context.failures().size());
  }

  @Test
  void closeEndsItsThreadsAlsoWhileTheyWaitForRoom() throws Exception {
    CountDownLatch full = new CountDownLatch(1);
    AtomicLong ended = new AtomicLong();
    Emitter emitter =
        new Emitter() {
          @Override
          public void emit(Event event, Runnable settled) throws InterruptedException {
            full.countDown();
            try {
              new CountDownLatch(1).await();
            } finally {
              ended.incrementAndGet();
            }
          }
        };
    Collector generator = create(GeneratorConfig.DEFAULTS);
    start(generator, emitter);
    await()
        .until(
            () -> {
              context.advance(Duration.ofSeconds(1));
              return full.getCount() == 0;
            });
    generator.close();
    await().until(() -> ended.get() == 1);
    assertTrue(context.failures().isEmpty());
  }

  @Test
  void anEmitterThatThrowsFailsTheCollector() {
    Emitter emitter =
        (event, settled) -> {
          throw new IllegalStateException("broken");
        };
    try (Collector generator = create(new GeneratorConfig(0, 300, 1, 0, 1))) {
      start(generator, emitter);
      await().until(() -> context.failures().size() == 1);
    }
  }

  @Test
  void refusalsNameWhatIsWanted() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new GeneratorConfig(-1, 1, 65, -1, 0));
    assertEquals(
        "rate: want a number from 0 to 100000000, got -1; size: want 0, or a number from 2 to"
            + " 1048576, got 1; threads: want a number from 1 to 64, got 65; count: want 0 or"
            + " more, got -1; burst: want a number from 1 to 1000000, got 0",
        refused.getMessage());
  }

  private static void assertNear(long wanted, long got, long tolerance) {
    assertTrue(Math.abs(wanted - got) <= tolerance, () -> "want " + wanted + ", got " + got);
  }

  private Collector create(GeneratorConfig config) {
    return new GeneratorKind().create(config, context);
  }

  private static void start(Collector collector, Emitter emitter) {
    try {
      collector.start(emitter);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
