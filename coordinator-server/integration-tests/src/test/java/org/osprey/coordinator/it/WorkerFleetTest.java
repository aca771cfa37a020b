package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.DispatcherStats;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySource;
import org.osprey.coordinator.core.Ticker;

/**
 * Rows R8 and R10 of the fault table: one worker is slow, all are gone, each is restarted. {@code
 * -Dfault.fleet=30} measures so many seconds, {@code -Dfault.gap=300} is how long none is there;
 * {@code -Dfault.strict=true} demands the row's figure, for a machine that does nothing else.
 */
@Timeout(900)
class WorkerFleetTest {
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fault.fleet", 3));
  private static final Duration GAP = Duration.ofSeconds(Integer.getInteger("fault.gap", 2));
  private static final boolean STRICT = Boolean.getBoolean("fault.strict");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration HOLD = Duration.ofMillis(20);
  private static final int WORKERS = 8;
  private static final int BOUND = 500;
  private static final long BOUND_BYTES = 1 << 20;

  @TempDir private Path folder;

  private final Ledger ledger = new Ledger();

  @Test
  void r8OneWorkerIsTenTimesSlower() throws InterruptedException {
    try (CoordinatorTester tester =
            new CoordinatorTester.Setup().async(BOUND, BOUND_BYTES).start();
        HoldingWorkers workers = new HoldingWorkers(tester).add(WORKERS, HOLD)) {
      AtomicBoolean enough = new AtomicBoolean();
      Load load = new Load(tester.coordinator().dispatcher(), ledger);
      Thread loading = Thread.ofVirtual().start(() -> load.flood(enough::get));
      double healthy = rate(tester);
      workers.kill(1).add(1, HOLD.multipliedBy(10));
      double disturbed = rate(tester);
      enough.set(true);
      loading.join();
      until(() -> ledger.unfinished().isEmpty());
      double ratio = disturbed / healthy;
      ledger.report(
          "R8 healthy_per_second=%.0f with_slow_one=%.0f ratio=%.3f queue_bound=%d"
              .formatted(healthy, disturbed, ratio, BOUND),
          tester.count(Count.LEASES_LOST));
      ledger.check();
      assertTrue(tester.count(Count.LEASES_LOST) <= 1);
      assertTrue(ratio >= (STRICT ? 7.0 / 8 : 0.5), () -> "ratio " + ratio);
    }
  }

  @Test
  void r10AllWorkersAreGoneAndComeBack() {
    // What is measured before and after the gap must not be the end of them.
    int total = (int) (5 * TIME.dividedBy(HOLD) * WORKERS) + BOUND;
    InMemoryOrigin origin = new InMemoryOrigin();
    InMemorySource source =
        new InMemorySource("memory", origin, new InMemoryDeadLetters(), Ticker.system());
    for (long id = 1; id <= total; id++) {
      ledger.accepted(id);
      origin.add(action(id));
    }
    try (CoordinatorTester tester =
            new CoordinatorTester.Setup().async(BOUND, BOUND_BYTES).source(source).start();
        HoldingWorkers workers = new HoldingWorkers(tester).add(WORKERS, HOLD)) {
      double before = rate(tester);
      workers.kill(WORKERS);
      until(() -> async(tester).waiting() == BOUND);
      int finished = origin.outcomes().size();
      awaitFull(tester);
      assertEquals(finished, origin.outcomes().size());
      workers.add(WORKERS, HOLD);
      double after = rate(tester);
      until(() -> origin.outcomes().size() == total);
      origin.outcomes().forEach(ledger::finished);
      ledger.report(
          "R10 gap_seconds=%d queue_bound=%d rate_before=%.0f rate_after=%.0f"
              .formatted(GAP.toSeconds(), BOUND, before, after),
          tester.count(Count.LEASES_LOST));
      ledger.check();
      assertEquals(0, ledger.deadLettered());
      assertTrue(tester.count(Count.LEASES_LOST) <= WORKERS);
      assertTrue(after >= (STRICT ? 0.9 : 0.4) * before, () -> "drains at " + after);
    }
  }

  /** Of the Python ones ForeignClientsTest restarts each. */
  @Test
  void r10EachWorkerIsRestarted() throws InterruptedException, IOException {
    int streams = 8;
    List<JavaProcess> workers = new ArrayList<>();
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      WorkerProcess.train(tester, folder);
      for (int i = 0; i < 4; i++) {
        workers.add(startWorker(tester, streams, i));
      }
      WorkerProcess.awaitConnected(tester, 4 * streams);
      AtomicBoolean enough = new AtomicBoolean();
      Load load = new Load(tester.coordinator().dispatcher(), ledger);
      Thread loading = Thread.ofVirtual().start(() -> load.run(300, enough::get));
      for (int i = 0; i < 4; i++) {
        workers.get(i).terminate();
        workers.get(i).waitFor();
        workers.set(i, startWorker(tester, streams, 4 + i));
        WorkerProcess.awaitConnected(tester, 4 * streams);
      }
      enough.set(true);
      loading.join();
      until(() -> ledger.unfinished().isEmpty());
      // Crossed a farewell on the way, so that nobody had them in hand.
      long crossed = tester.count(Count.LEASES_RETURNED);
      ledger.report(
          "R10 fault=rolling_restart workers=4 streams=%d crossed=%d"
              .formatted(4 * streams, crossed),
          tester.count(Count.LEASES_LOST));
      ledger.check();
      assertEquals(0, tester.count(Count.LEASES_LOST));
      assertTrue(crossed <= 4L * streams);
      assertEachHandledOnce();
    } finally {
      workers.forEach(JavaProcess::close);
    }
  }

  /** By what the workers wrote down before they answered. */
  private void assertEachHandledOnce() throws IOException {
    List<String> handled = new ArrayList<>();
    for (int number = 0; number < 8; number++) {
      handled.addAll(Files.readAllLines(diary(number)));
    }
    assertEquals(Set.copyOf(handled).size(), handled.size());
  }

  private Path diary(int number) {
    return folder.resolve("worker-" + number + ".ids");
  }

  private JavaProcess startWorker(CoordinatorTester tester, int streams, int number) {
    return WorkerProcess.start(tester, streams, Duration.ofMillis(5), diary(number));
  }

  /** Actions per second, while each worker has one at a time and the queue keeps its bound. */
  private static double rate(CoordinatorTester tester) {
    long from = System.nanoTime();
    long before = tester.count(Count.ASYNC_ACKED);
    until(
        () -> {
          DispatcherStats stats = tester.coordinator().dispatcher().stats();
          assertTrue(stats.leased() <= WORKERS && stats.async().accepted() <= BOUND);
          return System.nanoTime() - from >= TIME.toNanos();
        });
    return (tester.count(Count.ASYNC_ACKED) - before) * 1e9 / (System.nanoTime() - from);
  }

  /** Nothing more is taken from the source in the whole gap. */
  private static void awaitFull(CoordinatorTester tester) {
    long from = System.nanoTime();
    until(
        () -> {
          assertEquals(BOUND, async(tester).accepted());
          assertTrue(async(tester).bytes() <= BOUND_BYTES);
          return System.nanoTime() - from >= GAP.toNanos();
        });
  }

  private static DispatcherStats.LaneStats async(CoordinatorTester tester) {
    return tester.coordinator().dispatcher().stats().async();
  }

  private static Action action(long id) {
    byte[] payload = "{}".getBytes(UTF_8);
    return new Action(id, "user_login", Action.Encoding.JSON, payload, null, Instant.EPOCH);
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(PATIENCE.plus(GAP).plus(TIME)).pollInterval(Duration.ofMillis(20)).until(fact);
  }
}
