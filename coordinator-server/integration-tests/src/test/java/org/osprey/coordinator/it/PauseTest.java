package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Row R2 of the fault table: a coordinator that stands still under load, as a long collection of
 * garbage makes it. {@code -Dfault.pause=20} gives it its full length. A clock that is set is the
 * matter of {@code ClockJumpTest} (core).
 */
class PauseTest {
  private static final Duration PAUSE = Duration.ofSeconds(Integer.getInteger("fault.pause", 3));
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int STREAMS = 16;

  /** Handed over before the pause, and after it. */
  private static final int ENOUGH = 1_000;

  @TempDir private Path folder;

  private final Set<Long> handled = ConcurrentHashMap.newKeySet();
  private final AtomicLong handOvers = new AtomicLong();

  @Test
  void r2TheCoordinatorStandsStill() {
    try (CoordinatorProcess coordinator = launch();
        StreamWorker worker = worker(coordinator.target());
        Submitter submitter = new Submitter(coordinator::httpPort).start(8)) {
      awaitMore(ENOUGH);
      coordinator.freeze();
      long frozen = System.nanoTime();
      await().atMost(PAUSE.plus(PATIENCE)).until(() -> age(frozen).compareTo(PAUSE) >= 0);
      coordinator.thaw();
      awaitMore(ENOUGH);
      submitter.stop();
      await().atMost(PATIENCE).until(() -> handled.containsAll(submitter.accepted()));
      check(coordinator, worker, submitter);
    }
  }

  private void check(CoordinatorProcess coordinator, StreamWorker worker, Submitter submitter) {
    Set<Long> lost = new HashSet<>(submitter.accepted());
    lost.removeAll(handled);
    long duplicates = handOvers.get() - handled.size();
    double expired =
        Scrape.of("http://127.0.0.1:" + coordinator.httpPort())
            .value("redeliveries_total", "reason", "lease_expired");
    System.out.printf(
        "R2 fault=SIGSTOP seconds=%d accepted=%d completed=%d lost=%d in_flight=%d duplicates=%d"
            + " leases_expired=%d%n",
        PAUSE.toSeconds(),
        submitter.accepted().size(),
        handled.size(),
        lost.size(),
        STREAMS,
        duplicates,
        (long) expired);
    assertEquals(Set.of(), lost);
    assertTrue(duplicates <= STREAMS, () -> duplicates + " duplicates");
    assertEquals(0, expired);
    assertEquals(0, worker.stats().nacked());
  }

  private void awaitMore(int actions) {
    long enough = handOvers.get() + actions;
    await().atMost(PATIENCE).until(() -> handOvers.get() >= enough);
  }

  private static Duration age(long since) {
    return Duration.ofNanos(System.nanoTime() - since);
  }

  private CoordinatorProcess launch() {
    String config =
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        database: {file: "%s"}
        startup: {warmUp: 0s}
        """
            .formatted(folder.resolve("paused.db"));
    return new CoordinatorProcess.Setup(folder, config).start();
  }

  private StreamWorker worker(String target) {
    StreamWorker worker =
        StreamWorker.builder()
            .target(target)
            .streams(STREAMS)
            .handler(
                action -> {
                  handOvers.incrementAndGet();
                  handled.add(Long.parseUnsignedLong(action.idText()));
                  return Answer.verdicts("seen");
                })
            .build();
    worker.start();
    return worker;
  }
}
