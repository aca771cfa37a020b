package org.osprey.coordinator.it;

import static io.grpc.Status.Code.DEADLINE_EXCEEDED;
import static io.grpc.Status.Code.OK;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.DispatcherStats;

/**
 * Rows R34 to R36 of the fault table: more than the workers can do. What they can do is set by how
 * long they hold an action, so that figures are ratios of one run. {@code -Dfault.overload=30}
 * measures so many seconds; {@code -Dfault.strict=true} demands the rows' figures, for a machine
 * that does nothing else.
 */
@Timeout(900)
class OverloadTest {
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fault.overload", 4));
  private static final boolean STRICT = Boolean.getBoolean("fault.strict");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration HOLD = Duration.ofMillis(40);
  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final int WORKERS = 8;

  /** Per second, of all workers together. */
  private static final int CAPACITY = WORKERS * 25;

  /** How a call may end that got no answer in time. */
  private static final Set<Status.Code> ENDS = Set.of(OK, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED);

  private final Ledger ledger = new Ledger();

  @Test
  void r34CallersWantThreeTimesWhatCanBeDone() {
    try (CoordinatorTester tester = CoordinatorTester.start();
        HoldingWorkers workers = new HoldingWorkers(tester).add(WORKERS, HOLD)) {
      Caller caller = tester.caller().withDeadline(DEADLINE);
      SyncLoad quiet = new SyncLoad(caller).callAgain(workers.size(), afterwards(TIME));
      SyncLoad flood = new SyncLoad(caller).call(3 * CAPACITY, afterwards(TIME));
      double ratio = (double) flood.count(OK) / quiet.count(OK);
      Duration accepted = flood.latency(OK, 0.99);
      // The others of that status are those whose time was over in line.
      double refused = tester.count(Count.SYNC_REFUSED_FULL);
      Duration refusals =
          flood.latency(RESOURCE_EXHAUSTED, 0.99 * refused / flood.count(RESOURCE_EXHAUSTED));
      System.out.printf(
          "R34 calls=%s refused_at_once=%.0f good_alone=%d ratio=%.3f accepted_p99_ms=%d deadline_ms=%d refused_p99_ms=%d%n",
          flood.counts(),
          refused,
          quiet.count(OK),
          ratio,
          accepted.toMillis(),
          DEADLINE.toMillis(),
          refusals.toMillis());
      assertTrue(ENDS.containsAll(flood.counts().keySet()), () -> "ends " + flood.counts());
      assertTrue(ratio >= (STRICT ? 0.9 : 0.3), () -> "goodput fell to " + ratio);
      assertTrue(accepted.compareTo(DEADLINE) <= 0, () -> "accepted and late: " + accepted);
      assertTrue(refused >= CAPACITY, () -> "refused at once: " + refused);
      assertTrue(!STRICT || refusals.toMillis() <= 10, () -> "refusals took " + refusals);
      assertNothingIsLeft(tester);
    }
  }

  @Test
  void r35ActionsFloodCallers() throws InterruptedException {
    try (CoordinatorTester tester =
            new CoordinatorTester.Setup()
                .async(4_000, 1 << 24)
                .agedAfter(Duration.ofSeconds(1))
                .start();
        HoldingWorkers workers =
            new HoldingWorkers(tester).add(2 * WORKERS, HOLD.multipliedBy(2))) {
      Caller caller = tester.caller();
      SyncLoad quiet = new SyncLoad(caller).call(CAPACITY / 10, afterwards(TIME));
      AtomicBoolean enough = new AtomicBoolean();
      Load load = new Load(tester.coordinator().dispatcher(), ledger);
      Thread flooding = Thread.ofVirtual().start(() -> load.run(10 * CAPACITY, enough::get));
      await().atMost(PATIENCE).until(() -> async(tester).oldest().toMillis() > 1_500);
      SyncLoad beside = new SyncLoad(caller).call(CAPACITY / 10, afterwards(TIME));
      enough.set(true);
      flooding.join();
      double share = asyncShareWhileCallersSaturate(tester, caller);
      workers.add(10 * WORKERS, Duration.ofMillis(1));
      await().atMost(PATIENCE).until(() -> ledger.unfinished().isEmpty());
      double ratio =
          (double) beside.latency(OK, 0.99).toNanos() / quiet.latency(OK, 0.99).toNanos();
      ledger.report(
          "R35 sync=%s sync_p99_ms=%d quiet_p99_ms=%d ratio=%.2f async_share=%.4f"
              .formatted(
                  beside.counts(),
                  beside.latency(OK, 0.99).toMillis(),
                  quiet.latency(OK, 0.99).toMillis(),
                  ratio,
                  share),
          tester.count(Count.LEASES_LOST));
      ledger.check();
      assertEquals(Set.of(OK), beside.counts().keySet());
      assertTrue(ratio <= (STRICT ? 1.5 : 10), () -> "sync p99 became " + ratio);
      assertTrue(share >= 0.045, () -> "async share " + share);
    }
  }

  @Test
  void r36AllWorkersAreRestartedAtFullBacklog() throws InterruptedException {
    int rounds = 3;
    int bound = 2_000;
    try (CoordinatorTester tester = new CoordinatorTester.Setup().async(bound, 1 << 24).start();
        HoldingWorkers workers = new HoldingWorkers(tester).add(WORKERS, HOLD)) {
      AtomicBoolean enough = new AtomicBoolean();
      Load load = new Load(tester.coordinator().dispatcher(), ledger);
      Thread flooding = Thread.ofVirtual().start(() -> load.flood(enough::get));
      for (int round = 1; round <= rounds; round++) {
        await().atMost(PATIENCE).until(() -> async(tester).accepted() == bound);
        workers.kill(WORKERS).add(WORKERS, HOLD);
      }
      enough.set(true);
      flooding.join();
      long calm = System.nanoTime();
      await().atMost(PATIENCE).until(() -> ledger.unfinished().isEmpty());
      Duration drained = Duration.ofNanos(System.nanoTime() - calm);
      SyncLoad after = new SyncLoad(tester.caller()).call(CAPACITY / 4, afterwards(TIME));
      long again = tester.count(Count.LEASES_LOST);
      ledger.report(
          "R36 restarts=%d outstanding=%d backlog=%d drained_ms=%d sync_p99_after_ms=%d"
              .formatted(
                  rounds, WORKERS, bound, drained.toMillis(), after.latency(OK, 0.99).toMillis()),
          again);
      ledger.check();
      assertEquals(0, ledger.deadLettered());
      assertEquals(Set.of(OK), after.counts().keySet());
      assertTrue(again <= (long) rounds * WORKERS, () -> again + " redeliveries");
      assertTrue(!STRICT || drained.toSeconds() < 60, () -> "drained in " + drained);
    }
  }

  /** Of the hand-overs, while there are always more callers than workers. */
  private static double asyncShareWhileCallersSaturate(CoordinatorTester tester, Caller caller) {
    AtomicBoolean enough = new AtomicBoolean();
    Thread calling =
        Thread.ofVirtual().start(() -> new SyncLoad(caller).callAgain(10 * WORKERS, enough::get));
    await().atMost(PATIENCE).until(() -> sync(tester).waiting() > WORKERS);
    long asyncBefore = tester.count(Count.ASYNC_ACKED);
    long syncBefore = tester.count(Count.SYNC_ACKED);
    await().atMost(PATIENCE).until(() -> tester.count(Count.SYNC_ACKED) >= syncBefore + 400);
    double async = tester.count(Count.ASYNC_ACKED) - asyncBefore;
    double share = async / (async + tester.count(Count.SYNC_ACKED) - syncBefore);
    enough.set(true);
    try {
      calling.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return share;
  }

  /** Nothing of a call that ended is left behind. */
  private static void assertNothingIsLeft(CoordinatorTester tester) {
    await().atMost(PATIENCE).until(() -> sync(tester).accepted() == 0);
  }

  private static DispatcherStats.LaneStats sync(CoordinatorTester tester) {
    return tester.coordinator().dispatcher().stats().sync();
  }

  private static DispatcherStats.LaneStats async(CoordinatorTester tester) {
    return tester.coordinator().dispatcher().stats().async();
  }

  private static BooleanSupplier afterwards(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return () -> System.nanoTime() - end >= 0;
  }
}
