package org.osprey.coordinator.snowflake;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.contract.IdGeneratorContract;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Ticker;

class SnowflakeIdsTest implements IdGeneratorContract {
  private static final int BATCH = 4;
  private static final int ROUNDS = 60;
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final FakeIdService service = new FakeIdService();
  private final LocalIds local = LocalIds.reserved();
  private final ManualTicker ticker = new ManualTicker();

  private final SnowflakeIds contracted =
      new SnowflakeIds(SnowflakeSettings.of(service.endpoint()), local, Ticker.system(), () -> 0.5);

  @Override
  public IdGenerator ids() {
    contracted.start();
    return contracted;
  }

  @AfterEach
  void close() {
    contracted.close();
    service.close();
    assertTrue(service.mistakes().isEmpty(), () -> service.mistakes().toString());
  }

  @Test
  void idsComeFromTheServiceInItsOrder() {
    try (SnowflakeIds ids = started(ticker, TIMEOUT)) {
      await().until(() -> ids.stats().buffered() == BATCH);
      for (int i = 1; i <= BATCH; i++) {
        assertEquals(i, ids.next());
      }
      await().until(() -> ids.stats().buffered() >= 2);
      assertEquals(BATCH + 1, ids.next());
      assertEquals(BATCH + 1, ids.stats().fromService());
      assertEquals(0, ids.stats().local());
      assertEquals(0, ids.stats().failures());
      assertTrue(ids.check().healthy(), ids.check().detail());
    }
  }

  @Test
  void idsAreToldByWhoMadeThem() {
    try (SnowflakeIds ids = new SnowflakeIds(settings(TIMEOUT), local, ticker, () -> 0)) {
      ids.next();
      assertEquals(Map.of("service", 0L, "local", 1L), told(ids));
      ids.start();
      await().until(() -> ids.stats().buffered() == BATCH);
      ids.next();
      ids.next();
      assertEquals(Map.of("service", 2L, "local", 1L), told(ids));
      assertEquals(Map.of("local", 1L), told(local));
    }
  }

  @Test
  void nothingIsFetchedBeforeTheStartNorAboveTheLowWaterMark() {
    try (SnowflakeIds ids = new SnowflakeIds(settings(TIMEOUT), local, ticker, () -> 0)) {
      assertTrue(local.owns(ids.next()));
      assertEquals(0, service.requests());
      ids.start();
      await().until(() -> ids.stats().buffered() == BATCH);
      assertEquals(1, ids.next());
      assertEquals(2, ids.next());
      assertEquals(1, service.requests());
      assertEquals(3, ids.next());
      await().until(() -> service.requests() == 2);
    }
  }

  @Test
  void aServiceThatIsDownAtTheStartIsUsedWhenItIsUp() {
    service.answer(503, "");
    try (SnowflakeIds ids = started(Ticker.system(), TIMEOUT)) {
      await().until(() -> ids.stats().failures() >= 3);
      assertTrue(local.owns(ids.next()));
      assertFalse(ids.check().healthy());
      service.answer(FakeIdService::ids);
      await().until(() -> ids.stats().buffered() == BATCH);
      assertEquals(1, ids.next());
      assertEquals(1, ids.stats().local());
      await().until(() -> ids.check().healthy());
    }
  }

  @Test
  void aPortWithoutServiceIsAFailure() {
    URI endpoint = service.endpoint();
    service.close();
    SnowflakeSettings settings = settings(endpoint, TIMEOUT);
    try (SnowflakeIds ids = new SnowflakeIds(settings, local, ticker, () -> 0)) {
      ids.start();
      await().until(() -> !ids.check().healthy());
      assertEquals(1, ids.stats().failures());
      assertTrue(local.owns(ids.next()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "[1, 2, 3]",
        "[1, 2, 3, 4, 5]",
        "[1, 2, 3, 3]",
        "[0, 1, 2, 3]",
        "[1, 2, 3, -4]",
        "[1, 2, 3, 4.0]",
        "[1, 2, 3, \"4\"]",
        "[1, 2, 3, null]",
        "[1, 2, 3, [4]]",
        "[1, 2, 3, 18446744073709551616]",
        "[1, 2, 3, 4] [5]",
        "[1, 2, 3, 4",
        "{\"ids\": [1, 2, 3, 4]}",
        "<html>",
        "[1, 2, 3, 4190208]",
      })
  void anAnswerThatIsNoBatchIsAFailure(String body) {
    service.answer(200, body);
    try (SnowflakeIds ids = started(ticker, TIMEOUT)) {
      // It is told after it is counted.
      await().until(() -> !ids.check().healthy());
      assertTrue(local.owns(ids.next()));
      assertEquals(new SnowflakeStats(0, 1, 1, 0), ids.stats());
      assertTrue(ids.check().detail().startsWith("the service fails"), ids.check().detail());
    }
  }

  @Test
  void idsOfTheLastBatchAreRefused() {
    service.answer(200, "[1, 2, 3, 4]");
    try (SnowflakeIds ids = started(ticker, TIMEOUT)) {
      await().until(() -> ids.stats().buffered() == BATCH);
      service.answer(200, "[8, 7, 6, 4]");
      take(ids, BATCH);
      await().until(() -> ids.stats().failures() == 1);
      assertTrue(local.owns(ids.next()));
      service.answer(200, "[8, 7, 6, 5]");
      ticker.advance(SHORT);
      await().until(() -> ids.stats().buffered() == BATCH);
      assertEquals(8, ids.next());
    }
  }

  @Test
  void idsAreUnsigned() {
    service.answer(200, "[9223372036854775808, 9223372036854775809, 18446744069414584320, 7]");
    try (SnowflakeIds ids = started(ticker, TIMEOUT)) {
      await().until(() -> ids.stats().buffered() == BATCH);
      assertEquals("9223372036854775808", Long.toUnsignedString(ids.next()));
      assertEquals("9223372036854775809", Long.toUnsignedString(ids.next()));
      assertEquals("18446744069414584320", Long.toUnsignedString(ids.next()));
    }
  }

  @Test
  void aStepOfTheBackoffHasOneRequest() {
    service.answer(500, "");
    try (SnowflakeIds ids = started(ticker, TIMEOUT)) {
      for (int step = 1; step <= 4; step++) {
        int failures = step;
        await().until(() -> ids.stats().failures() == failures);
        take(ids, 100);
        await().during(Duration.ofMillis(50)).until(() -> service.requests() == failures);
        ticker.advance(SHORT.multipliedBy(1L << step));
      }
      assertEquals(400, ids.stats().local());
    }
  }

  @Test
  void aSlowServiceHasUntilTheTimeout() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    service.answer(
        (fake, exchange, count) -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('[');
          exchange.getResponseBody().flush();
          uninterrupted(release);
        });
    try (SnowflakeIds ids = started(ticker, Duration.ofMillis(100))) {
      assertTrue(local.owns(ids.next()));
      await().until(() -> ids.check().detail().contains("within 100 ms"));
      assertEquals(1, ids.stats().failures());
    } finally {
      release.countDown();
    }
  }

  @Test
  void aGiantBodyIsNotRead() {
    AtomicLong sent = new AtomicLong();
    AtomicInteger ended = new AtomicInteger();
    service.answer(
        (fake, exchange, count) -> {
          try {
            FakeIdService.giant(exchange, sent);
          } finally {
            ended.incrementAndGet();
          }
        });
    try (SnowflakeIds ids = started(ticker, Duration.ofSeconds(30))) {
      await().until(() -> !ids.check().healthy());
      assertEquals(1, ids.stats().failures());
      assertTrue(ids.check().detail().contains("longer than 160 bytes"), ids.check().detail());
      await().until(() -> ended.get() == 1);
      assertTrue(sent.get() < 100_000_000, () -> sent + " bytes were taken");
    }
  }

  @Test
  void closingEndsAnExchangeAndIdsGoOn() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    service.answer((fake, exchange, count) -> uninterrupted(release));
    SnowflakeIds ids = started(ticker, Duration.ofMinutes(1));
    try {
      await().until(() -> service.requests() == 1);
      ids.close();
      ids.close();
      assertTrue(local.owns(ids.next()));
      assertEquals(0, ids.stats().failures());
    } finally {
      release.countDown();
    }
  }

  @Test
  void closingWithoutAStartIsFine() {
    SnowflakeIds ids = new SnowflakeIds(settings(TIMEOUT), local, ticker, () -> 0);
    ids.close();
    assertTrue(local.owns(ids.next()));
  }

  @Test
  void idsOfTheServiceAndLocalOnesDiffer() throws InterruptedException, ExecutionException {
    AtomicInteger turn = new AtomicInteger();
    service.answer(
        (fake, exchange, count) -> {
          if (turn.incrementAndGet() % 3 == 0) {
            FakeIdService.send(exchange, 500, "");
          } else {
            fake.ids(exchange, count);
          }
        });
    SnowflakeSettings settings =
        new SnowflakeSettings(service.endpoint(), 1000, 500, TIMEOUT, SHORT, SHORT);
    try (SnowflakeIds ids = new SnowflakeIds(settings, local, Ticker.system(), () -> 0.5)) {
      ids.start();
      long[] all = new long[ROUNDS * 4000];
      for (int round = 0; round < ROUNDS; round++) {
        int before = service.requests();
        System.arraycopy(Ids.take(ids, 4, 1000), 0, all, round * 4000, 4000);
        await()
            .pollDelay(SHORT)
            .pollInterval(SHORT)
            .until(() -> service.requests() > before || ids.stats().buffered() > 0);
      }
      Ids.assertAllDiffer(all);
      assertEquals(all.length, ids.stats().fromService() + ids.stats().local());
      assertTrue(ids.stats().fromService() >= 1000, ids.stats()::toString);
      assertTrue(ids.stats().local() >= 1000, ids.stats()::toString);
      assertTrue(ids.stats().failures() >= 5, ids.stats()::toString);
    }
  }

  private SnowflakeIds started(Ticker time, Duration timeout) {
    SnowflakeIds ids = new SnowflakeIds(settings(timeout), local, time, () -> 0);
    ids.start();
    return ids;
  }

  private SnowflakeSettings settings(Duration timeout) {
    return settings(service.endpoint(), timeout);
  }

  private static SnowflakeSettings settings(URI endpoint, Duration timeout) {
    return new SnowflakeSettings(endpoint, BATCH, 2, timeout, SHORT, SHORT.multipliedBy(1000));
  }

  private static void take(SnowflakeIds ids, int count) {
    for (int i = 0; i < count; i++) {
      ids.next();
    }
  }

  private static void uninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** By source. */
  private static Map<String, Long> told(Measured measured) {
    Map<String, Long> told = new HashMap<>();
    measured.tell(
        new Figures() {
          @Override
          public void counter(String name, String help, long value, String... labels) {
            if (name.equals("ids_generated")) {
              told.put(labels[1], value);
            }
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {}

          @Override
          public void histogram(
              String name, String help, HistogramStats durations, String... labels) {}
        });
    return told;
  }
}
