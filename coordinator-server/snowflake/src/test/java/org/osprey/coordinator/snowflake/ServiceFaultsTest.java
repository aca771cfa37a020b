package org.osprey.coordinator.snowflake;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Ticker;

/**
 * Row R24 of the fault table, with the default settings: whatever the service does, everyone who
 * asks gets an id, no id comes twice, and the service is left alone between attempts. {@code
 * -Dfault.seconds=300 -Dfault.ids=10000000} gives it its full length.
 */
class ServiceFaultsTest {
  private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("fault.seconds", 2));
  private static final int IDS = Integer.getInteger("fault.ids", 2_000_000);
  private static final int THREADS = 4;

  /** Of one fault; half of a share is taken while it lasts, in so many bursts at least. */
  private static final int BURSTS = 20;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long TAKEN_OF_A_GIANT = 100_000_000;

  private final FakeIdService service = new FakeIdService();
  private final SnowflakeSettings settings = SnowflakeSettings.of(service.endpoint());

  /** Without jitter each wait is as short as it can be. */
  private final SnowflakeIds ids =
      new SnowflakeIds(settings, LocalIds.reserved(), Ticker.system(), () -> 0);

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicLong giant = new AtomicLong();
  private final long[] all = new long[IDS];
  private int taken;

  @AfterEach
  void close() {
    over.countDown();
    ids.close();
    service.close();
  }

  @Test
  void everyoneGetsAnIdOfHisOwnThroughEveryFault() throws Exception {
    ids.start();
    survive("down", service::goDown, service::comeUp);
    survive("slow", this::slow);
    survive("empty", (fake, exchange, count) -> FakeIdService.send(exchange, 200, "[]"));
    survive("duplicates", this::duplicates);
    survive("giant", (fake, exchange, count) -> FakeIdService.giant(exchange, giant));
    take(IDS - taken);
    assertTrue(service.mistakes().isEmpty(), () -> service.mistakes().toString());
    assertEquals(0, Arrays.stream(all).filter(id -> id == IdBuffer.DRY).count());
    Ids.assertAllDiffer(all);
    assertEquals(IDS, ids.stats().fromService() + ids.stats().local());
    System.out.printf(
        "R24 ids=%d lost=0 twice=0 from_service=%d local=%d%n",
        taken, ids.stats().fromService(), ids.stats().local());
  }

  private void survive(String name, FakeIdService.Answer fault) throws Exception {
    survive(name, () -> service.answer(fault), () -> service.answer(FakeIdService::ids));
  }

  private void survive(String name, Runnable begin, Runnable end) throws Exception {
    await().atMost(PATIENCE).until(() -> ids.stats().buffered() >= settings.lowWater());
    Figures before = figures();
    begin.run();
    takeThroughout(FAULT);
    await().atMost(PATIENCE).until(() -> !ids.check().healthy());
    Figures during = figures().minus(before);
    end.run();
    long healed = System.nanoTime();
    await().atMost(PATIENCE).until(() -> ids.check().healthy() && ids.stats().buffered() > 0);
    Duration back = Duration.ofNanos(System.nanoTime() - healed);
    long steps = steps(during.time());
    System.out.printf(
        "R24 fault=%s %s backoff_steps=%d back_ms=%d%n", name, during, steps, back.toMillis());
    assertTrue(during.failures() <= steps, during::toString);
    assertTrue(during.requests() <= during.failures() + 1, during::toString);
    assertTrue(during.giantBytes() < TAKEN_OF_A_GIANT * during.failures() + 1, during::toString);
  }

  /** Requests before the failures that they become, and both before the time that they took. */
  private Figures figures() {
    int requests = service.requests();
    long bytes = giant.get();
    long failures = ids.stats().failures();
    Duration now = Duration.ofNanos(System.nanoTime());
    return new Figures(now, taken, failures, requests, bytes);
  }

  /** What was counted so far, or from one moment to another. */
  private record Figures(Duration time, int ids, long failures, int requests, long giantBytes) {

    Figures minus(Figures before) {
      return new Figures(
          time.minus(before.time),
          ids - before.ids,
          failures - before.failures,
          requests - before.requests,
          giantBytes - before.giantBytes);
    }

    @Override
    public String toString() {
      return "seconds=%d ids=%d failures=%d requests=%d giant_bytes=%d"
          .formatted(time.toSeconds(), ids, failures, requests, giantBytes);
    }
  }

  /** Bursts that go on until the fault has lasted long enough. */
  private void takeThroughout(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    int burst = IDS / 10 / BURSTS / THREADS * THREADS;
    await()
        .atMost(duration.plus(PATIENCE))
        .pollInterval(duration.dividedBy(BURSTS))
        .until(
            () -> {
              take(burst);
              return System.nanoTime() - end >= 0;
            });
  }

  private void take(int count) throws InterruptedException, ExecutionException {
    int each = count / THREADS;
    System.arraycopy(Ids.take(ids, THREADS, each), 0, all, taken, each * THREADS);
    taken += each * THREADS;
  }

  /** How many attempts fit into a time when each failure doubles the wait. */
  private long steps(Duration time) {
    Backoff backoff = new Backoff(settings.backoff(), settings.maxBackoff(), () -> 0);
    long steps = 1;
    for (long waited = backoff.next().toNanos();
        waited <= time.toNanos();
        waited += backoff.next().toNanos()) {
      steps++;
    }
    return steps;
  }

  private void slow(FakeIdService fake, HttpExchange exchange, int count) throws IOException {
    Duration late = settings.timeout().plusMillis(100);
    try {
      over.await(late.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fake.ids(exchange, count);
  }

  /** One id again and again, and in turns the batch before once more. */
  private void duplicates(FakeIdService fake, HttpExchange exchange, int count) throws IOException {
    if (turn.getAndIncrement() % 2 == 0) {
      FakeIdService.send(exchange, 200, "[" + "7, ".repeat(count - 1) + "7]");
    } else {
      fake.idsAgain(exchange, count);
    }
  }
}
