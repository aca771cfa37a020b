package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Row R25 of the fault table: coordinators without a broker are killed while actions are submitted
 * to them: whatever was answered with 202 is handled. {@code -Dfault.kills=20} gives it its full
 * length.
 */
class SubmissionFaultsTest {
  private static final int KILLS = Integer.getInteger("fault.kills", 3);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void r25WhatWasAcceptedIsHandledThoughCoordinatorsAreKilled() {
    Random random = new Random(KILLS);
    AtomicReference<CoordinatorProcess> process = new AtomicReference<>(launch());
    try (TcpProxy proxy = TcpProxy.to(process.get().workerPort());
        CountingWorker worker = CountingWorker.start(proxy.target(), 16);
        Submitter submitter = new Submitter(() -> process.get().httpPort()).start(8)) {
      for (int kill = 0; kill < KILLS; kill++) {
        int enough = submitter.accepted().size() + 200 + random.nextInt(800);
        await().atMost(PATIENCE).until(() -> submitter.accepted().size() >= enough);
        process.get().kill();
        process.set(launch());
        proxy.redirect(process.get().workerPort());
      }
      submitter.stop();
      await().atMost(PATIENCE).until(() -> worker.missing(submitter.accepted()).isEmpty());
      Set<Long> lost = worker.missing(submitter.accepted());
      System.out.printf(
          "R25 fault=kill_9 database=sqlite seed=%d kills=%d accepted_actions=%d lost=%d"
              + " unanswered=%d duplicates=%d%n",
          KILLS,
          KILLS,
          submitter.accepted().size(),
          lost.size(),
          submitter.interrupted(),
          worker.duplicates());
      assertEquals(Set.of(), lost);
      assertTrue(submitter.interrupted() > 0, "no kill met a request");
      assertEquals(0, worker.nacked());
    } finally {
      process.get().close();
    }
  }

  /** Each has the database of the one before. */
  private CoordinatorProcess launch() {
    String config =
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        database: {file: "%s"}
        startup: {warmUp: 0s}
        """
            .formatted(folder.resolve("shared.db"));
    return new CoordinatorProcess.Setup(folder, config).start();
  }
}
