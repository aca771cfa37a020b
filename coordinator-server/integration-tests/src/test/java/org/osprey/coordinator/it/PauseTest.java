package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void r2TheCoordinatorStandsStill() {
    try (CoordinatorProcess coordinator = launch();
        CountingWorker worker = CountingWorker.start(coordinator.target(), STREAMS);
        Submitter submitter = new Submitter(coordinator::httpPort).start(8)) {
      awaitMore(worker, ENOUGH);
      coordinator.freeze();
      long frozen = System.nanoTime();
      await().atMost(PAUSE.plus(PATIENCE)).until(() -> age(frozen).compareTo(PAUSE) >= 0);
      coordinator.thaw();
      awaitMore(worker, ENOUGH);
      submitter.stop();
      await().atMost(PATIENCE).until(() -> worker.missing(submitter.accepted()).isEmpty());
      check(coordinator, worker, submitter);
    }
  }

  private void check(CoordinatorProcess coordinator, CountingWorker worker, Submitter submitter) {
    Set<Long> lost = worker.missing(submitter.accepted());
    long duplicates = worker.duplicates();
    double expired =
        Scrape.of("http://127.0.0.1:" + coordinator.httpPort())
            .value("redeliveries_total", "reason", "lease_expired");
    System.out.printf(
        "R2 fault=SIGSTOP seconds=%d accepted=%d completed=%d lost=%d in_flight=%d duplicates=%d"
            + " leases_expired=%d%n",
        PAUSE.toSeconds(),
        submitter.accepted().size(),
        worker.handled(),
        lost.size(),
        STREAMS,
        duplicates,
        (long) expired);
    assertEquals(Set.of(), lost);
    assertTrue(duplicates <= STREAMS, () -> duplicates + " duplicates");
    assertEquals(0, expired);
    assertEquals(0, worker.nacked());
  }

  private static void awaitMore(CountingWorker worker, int actions) {
    long enough = worker.handOvers() + actions;
    await().atMost(PATIENCE).until(() -> worker.handOvers() >= enough);
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
}
