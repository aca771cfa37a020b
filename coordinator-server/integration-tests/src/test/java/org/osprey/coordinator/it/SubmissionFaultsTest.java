package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Row R25 of the fault table: coordinators without a broker are killed while actions are submitted
 * to them: whatever was answered with 202 is handled. {@code -Dfault.kills=20} gives it its full
 * length.
 */
class SubmissionFaultsTest {
  private static final int KILLS = Integer.getInteger("fault.kills", 3);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  private final Set<Long> handled = ConcurrentHashMap.newKeySet();
  private final AtomicLong handOvers = new AtomicLong();

  @Test
  void r25WhatWasAcceptedIsHandledThoughCoordinatorsAreKilled() {
    Random random = new Random(KILLS);
    AtomicReference<CoordinatorProcess> process = new AtomicReference<>(launch());
    try (TcpProxy proxy = TcpProxy.to(process.get().workerPort());
        StreamWorker worker = worker(proxy.target());
        Submitter submitter = new Submitter(() -> process.get().httpPort()).start(8)) {
      for (int kill = 0; kill < KILLS; kill++) {
        int enough = submitter.accepted().size() + 200 + random.nextInt(800);
        await().atMost(PATIENCE).until(() -> submitter.accepted().size() >= enough);
        process.get().kill();
        process.set(launch());
        proxy.redirect(process.get().workerPort());
      }
      submitter.stop();
      await().atMost(PATIENCE).until(() -> handled.containsAll(submitter.accepted()));
      Set<Long> lost = new HashSet<>(submitter.accepted());
      lost.removeAll(handled);
      System.out.printf(
          "R25 fault=kill_9 database=sqlite seed=%d kills=%d accepted_actions=%d lost=%d"
              + " unanswered=%d duplicates=%d%n",
          KILLS,
          KILLS,
          submitter.accepted().size(),
          lost.size(),
          submitter.interrupted(),
          handOvers.get() - handled.size());
      assertEquals(Set.of(), lost);
      assertTrue(submitter.interrupted() > 0, "no kill met a request");
      assertEquals(0, worker.stats().nacked());
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

  private StreamWorker worker(String target) {
    StreamWorker worker =
        StreamWorker.builder()
            .target(target)
            .streams(16)
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
