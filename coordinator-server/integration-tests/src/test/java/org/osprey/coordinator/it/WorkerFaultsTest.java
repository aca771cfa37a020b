package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outcome;

/**
 * Rows R4 to R7 of the fault table: workers that die, vanish, leave or hang. {@code
 * -Dfault.seconds=60} gives R4 its full length.
 */
class WorkerFaultsTest {
  private static final Duration R4_TIME =
      Duration.ofSeconds(Integer.getInteger("fault.seconds", 20));

  @TempDir private Path folder;

  private int started;

  @Test
  void r4WorkersAreKilledOneAfterTheOther() throws InterruptedException, IOException {
    int outstanding = 8;
    List<Diarist> workers = new ArrayList<>();
    Ledger ledger = new Ledger();
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      WorkerProcess.train(tester, folder);
      for (int i = 0; i < 8; i++) {
        workers.add(startWorker(tester, outstanding, Duration.ZERO));
      }
      WorkerProcess.awaitConnected(tester, 64);
      Load load = new Load(tester.coordinator().dispatcher(), ledger);
      Thread loading = Thread.ofVirtual().start(() -> load.run(2_000, R4_TIME));
      List<Duration> redeliveries = new ArrayList<>();
      Map<Path, Long> kills = killInTurn(tester, workers, loading, outstanding, redeliveries);
      // Starting a worker a second leaves two cores little to work with; what piled up must go.
      await().atMost(Duration.ofSeconds(60)).until(() -> ledger.unfinished().isEmpty());
      Duration redelivery = Collections.max(redeliveries);
      ledger.report(
          "R4 kills=%d slowest_redelivery_ms=%d slowest_done_ms=%d"
              .formatted(
                  kills.size(), redelivery.toMillis(), slowestDone(ledger, kills).toMillis()),
          tester.count(Count.LEASES_LOST));
      ledger.check();
      assertEquals(0, ledger.deadLettered());
      assertEquals(0, tester.count(Count.LEASES_EXPIRED));
      assertTrue(tester.count(Count.LEASES_LOST) <= (long) kills.size() * outstanding);
      assertTrue(redelivery.toMillis() <= 1_000, () -> "slowest redelivery " + redelivery);
    } finally {
      workers.forEach(worker -> worker.process().close());
    }
  }

  @Test
  void r5AWorkerVanishesSilently() {
    Ledger ledger = new Ledger();
    try (CoordinatorTester tester = CoordinatorTester.start();
        TcpProxy proxy = TcpProxy.to(tester.workerPort())) {
      for (int i = 0; i < 7; i++) {
        tester.worker().ackingAll();
      }
      RawWorker vanishing = RawWorker.connect(tester.channel(proxy.port()));
      Load load = new Load(tester.coordinator().dispatcher(), ledger);
      await().until(() -> tester.coordinator().dispatcher().stats().connected() == 8);
      for (int i = 0; i < 8; i++) {
        load.offer();
      }
      vanishing.take();
      proxy.fallSilent();
      load.run(500, Duration.ofSeconds(2));
      // Ten seconds until the server asks, five until it gives up.
      await().atMost(Duration.ofSeconds(16)).until(() -> ledger.unfinished().isEmpty());
      ledger.report("R5", tester.count(Count.LEASES_LOST));
      ledger.check();
      assertEquals(1, tester.count(Count.LEASES_LOST));
      // Counted when all that it had is on its way to others.
      await()
          .until(
              () -> Scrape.of(tester).value("client_disconnects_total", "cause", "timeout") == 1);
      assertTrue(ledger.latency(1).toSeconds() <= 16);
      // None but the one that had vanished with its worker waited for that.
      assertTrue(ledger.latency(0.999).toSeconds() < 5);
      assertTrue(ledger.latency(0.99).toSeconds() < 1);
    }
  }

  @Test
  void r6WorkersLeaveWhileActionsCome() {
    int repeats = 10_000;
    Ledger ledger = new Ledger();
    Random random = new Random(6);
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      tester.worker().ackingAll();
      Load load = new Load(tester.coordinator().dispatcher(), ledger);
      List<ManagedChannel> channels = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        channels.add(tester.workerChannel());
      }
      for (int i = 0; i < repeats; i++) {
        RawWorker leaving = RawWorker.connect(channels.get(i % channels.size()));
        // From leaving before it was seen to leaving when it waits.
        LockSupport.parkNanos(random.nextInt(500_000));
        switch (random.nextInt(3)) {
          case 0 -> leaving.disconnect(null);
          case 1 -> leaving.halfClose();
          default -> leaving.cancel();
        }
        // Or those who leave would have each action many times before the one who stays has it.
        if (accepted(tester) >= 16) {
          awaitSoon(() -> accepted(tester) < 16);
        }
        load.offer();
      }
      await().until(() -> ledger.unfinished().isEmpty());
      ledger.report(
          "R6 repeats=" + repeats,
          tester.count(Count.LEASES_LOST) + tester.count(Count.LEASES_RETURNED));
      ledger.check();
      assertEquals(0, tester.count(Count.LEASES_EXPIRED));
      assertEquals(0, ledger.deadLettered());
    }
  }

  @Test
  void r7AWorkerHangs() {
    Duration lease = Duration.ofSeconds(2);
    Ledger ledger = new Ledger();
    try (CoordinatorTester tester = new CoordinatorTester.Setup().lease(lease).start()) {
      RawWorker hanging = tester.worker();
      Load load = new Load(tester.coordinator().dispatcher(), ledger);
      // What it takes to connect is not the lease's time.
      await().until(() -> tester.coordinator().dispatcher().stats().connected() == 1);
      load.offer();
      hanging.take();
      RawWorker other = tester.worker().ackingAll();
      await().until(() -> ledger.unfinished().isEmpty());
      Duration redelivered = ledger.latency(1);
      load.run(200, Duration.ofSeconds(1));
      await().until(() -> ledger.unfinished().isEmpty());
      ledger.report("R7 lease_ms=" + lease.toMillis(), tester.count(Count.LEASES_EXPIRED));
      ledger.check();
      assertTrue(redelivered.compareTo(lease.plusSeconds(1)) <= 0, () -> "took " + redelivered);
      assertEquals(0, hanging.pending());
      assertEquals(0, other.pending());
      assertEquals(1, tester.count(Count.LEASES_EXPIRED));
    }
  }

  @Test
  void sixtyFourWorkersAreKilledWithAnActionInHand() {
    List<Diarist> workers = new ArrayList<>();
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      WorkerProcess.train(tester, folder);
      for (int i = 0; i < 4; i++) {
        workers.add(startWorker(tester, 16, Duration.ofMinutes(5)));
      }
      AtomicInteger done = new AtomicInteger();
      for (long id = 1; id <= 64; id++) {
        tester.coordinator().dispatcher().offer(counted(id, done));
      }
      WorkerProcess.awaitConnected(tester, 64);
      await().until(() -> tester.count(Count.LEASED) == 64);
      List<ManagedChannel> channels = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        channels.add(tester.workerChannel());
      }
      long killed = System.nanoTime();
      workers.forEach(worker -> worker.process().kill());
      for (int i = 0; i < 64; i++) {
        RawWorker.connect(channels.get(i % 4)).ackingAll();
      }
      await().pollInterval(Duration.ofMillis(10)).until(() -> done.get() == 64);
      Duration took = Duration.ofNanos(System.nanoTime() - killed);
      System.out.printf("64 killed: all handled again %d ms after the kill%n", took.toMillis());
      assertTrue(took.toMillis() <= 1_000, () -> "took " + took);
      assertEquals(64, tester.count(Count.LEASES_LOST));
    } finally {
      workers.forEach(worker -> worker.process().close());
    }
  }

  private static int accepted(CoordinatorTester tester) {
    return tester.coordinator().dispatcher().stats().async().accepted();
  }

  /** A worker and the file in which it writes what it gets. */
  private record Diarist(JavaProcess process, Path diary) {}

  /**
   * One kill a second, each as soon as all workers are there.
   *
   * @param redeliveries gets for each kill how long it took until another worker had the actions
   * @return when each victim was killed, by its diary
   */
  private Map<Path, Long> killInTurn(
      CoordinatorTester tester,
      List<Diarist> workers,
      Thread loading,
      int streams,
      List<Duration> redeliveries)
      throws InterruptedException {
    Map<Path, Long> kills = new LinkedHashMap<>();
    while (!loading.join(Duration.ofSeconds(1))) {
      WorkerProcess.awaitConnected(tester, workers.size() * streams);
      int next = kills.size() % workers.size();
      Diarist victim = workers.get(next);
      long closed = tester.count(Count.STREAMS_CLOSED);
      long killed = System.nanoTime();
      kills.put(victim.diary(), killed);
      victim.process().close();
      awaitSoon(() -> tester.count(Count.STREAMS_CLOSED) >= closed + streams);
      // They are at the head of the lane, or out already: so many hand-overs later none is left.
      long leased = tester.count(Count.LEASED);
      awaitSoon(
          () ->
              tester.count(Count.LEASED) >= leased + streams
                  || tester.coordinator().dispatcher().stats().async().waiting() == 0);
      redeliveries.add(Duration.ofNanos(System.nanoTime() - killed));
      workers.set(next, startWorker(tester, streams, Duration.ZERO));
    }
    return kills;
  }

  private static void awaitSoon(Callable<Boolean> condition) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(condition);
  }

  /** From a kill to the end of what its victim had in hand, done by a worker that may be cold. */
  private static Duration slowestDone(Ledger ledger, Map<Path, Long> kills) throws IOException {
    Duration slowest = Duration.ZERO;
    for (Map.Entry<Path, Long> kill : kills.entrySet()) {
      for (String id : Files.readAllLines(kill.getKey())) {
        Duration after = ledger.endedAfter(Long.parseUnsignedLong(id), kill.getValue());
        slowest = after.compareTo(slowest) > 0 ? after : slowest;
      }
    }
    return slowest;
  }

  private Diarist startWorker(CoordinatorTester tester, int streams, Duration hold) {
    Path diary = folder.resolve("worker-" + ++started + ".ids");
    return new Diarist(WorkerProcess.start(tester, streams, hold, diary), diary);
  }

  private static Delivery counted(long id, AtomicInteger done) {
    Action action =
        new Action(
            id, "user_login", Action.Encoding.JSON, new byte[] {'{', '}'}, null, Instant.EPOCH);
    return Delivery.async(
        action,
        "test",
        null,
        outcome -> {
          if (outcome instanceof Outcome.Acked) {
            done.incrementAndGet();
          }
        });
  }
}
