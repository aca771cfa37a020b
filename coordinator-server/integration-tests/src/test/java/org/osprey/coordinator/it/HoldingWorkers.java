package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Workers on connections of their own, each with one action at a time that takes it a while: what
 * they can do together is known, whatever the machine can do.
 */
final class HoldingWorkers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CoordinatorTester tester;
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final List<RawWorker> workers = new ArrayList<>();

  HoldingWorkers(CoordinatorTester tester) {
    this.tester = tester;
  }

  /** Returns when all of them are connected. */
  HoldingWorkers add(int count, Duration hold) {
    for (int i = 0; i < count; i++) {
      RawWorker worker = tester.worker();
      worker.handling(
          action -> {
            var unused =
                timer.schedule(() -> worker.ack(action), hold.toNanos(), TimeUnit.NANOSECONDS);
          });
      workers.add(worker);
    }
    return awaitConnected();
  }

  /** Cuts the connections of the oldest; returns when the coordinator knows. */
  HoldingWorkers kill(int count) {
    List<RawWorker> victims = workers.subList(0, count);
    victims.forEach(RawWorker::kill);
    victims.clear();
    return awaitConnected();
  }

  int size() {
    return workers.size();
  }

  private HoldingWorkers awaitConnected() {
    await()
        .atMost(PATIENCE)
        .until(() -> tester.coordinator().dispatcher().stats().connected() == workers.size());
    return this;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
