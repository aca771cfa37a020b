package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.WorkerStream;
import org.osprey.coordinator.proto.common.v1.Verdicts;
import org.osprey.coordinator.tasks.Attempt.Failed.Kind;

class WorkerPoolTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ManualTicker ticker = new ManualTicker();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          ticker,
          () -> Instant.EPOCH,
          new Random(1),
          new InMemoryDeadLetters(),
          null);
  private final WorkerPool pool = new WorkerPool(ticker, () -> Instant.EPOCH);
  private final CallTarget target = pool.target("score", TIMEOUT);
  private final List<Lease> leases = new ArrayList<>();

  @Test
  void aWorkersVerdictsAreTheAnswer() {
    pool.start(dispatcher);
    WorkerStream worker = connect();
    CompletableFuture<Attempt> attempt = call(0);
    Lease lease = leases.getFirst();
    assertEquals("score", lease.action().name());
    assertEquals("{\"items\":[{\"a\":1}]}", new String(lease.action().payload(), UTF_8));
    byte[] verdicts = Verdicts.newBuilder().addVerdicts("allow").build().toByteArray();
    dispatcher.ack(worker, lease.ackId(), new Outcome.Acked(verdicts, null));
    assertEquals(
        new Attempt.Succeeded("{\"status\":\"success\",\"verdicts\":[\"allow\"]}"), attempt.join());
    assertEquals(
        new Attempt.Succeeded("{\"status\":\"success\",\"verdicts\":[]}"),
        ended(worker, Outcome.Acked.EMPTY));
  }

  @Test
  void verdictsThatCannotBeReadAreRefused() {
    pool.start(dispatcher);
    assertEquals(
        new Attempt.Refused("the worker's verdicts cannot be read"),
        ended(connect(), new Outcome.Acked(new byte[] {1, 2, 3}, null)));
  }

  @Test
  void aNackIsAFailedAttemptAndNoDeadLetter() {
    pool.start(dispatcher);
    WorkerStream worker = connect();
    CompletableFuture<Attempt> attempt = call(0);
    dispatcher.nack(worker, leases.getFirst().ackId());
    assertEquals(new Attempt.Failed(Kind.BUSY, "a worker nacked it", null), attempt.join());
    assertEquals(1, leases.size());
  }

  @Test
  void noAnswerInTimeLeavesItOpenWhetherItWasDone() {
    pool.start(dispatcher);
    CompletableFuture<Attempt> attempt = call(0);
    ticker.advance(TIMEOUT.plusMillis(20));
    dispatcher.tick();
    assertEquals(
        new Attempt.Failed(Kind.BROKEN, "no worker answered within 5000 ms", null), attempt.join());
  }

  @Test
  void automaticAttemptsAreTheSameAction() {
    pool.start(dispatcher);
    WorkerStream worker = connect();
    for (int redrive : new int[] {0, 0, 1}) {
      CompletableFuture<Attempt> attempt = call(redrive);
      dispatcher.nack(worker, leases.getLast().ackId());
      attempt.join();
    }
    List<Long> ids = leases.stream().map(lease -> lease.action().id()).toList();
    assertEquals(ids.get(0), ids.get(1));
    assertNotEquals(ids.get(0), ids.get(2));
  }

  @Test
  void whatCannotBeQueuedIsPostponed() {
    assertInstanceOf(Attempt.Postponed.class, call(0).join());
    pool.start(dispatcher);
    pool.setPaused(true);
    assertInstanceOf(Attempt.Postponed.class, call(0).join());
    pool.setPaused(false);
    int most = DispatcherSettings.DEFAULTS.sync().actions();
    for (int i = 0; i < most; i++) {
      assertFalse(call(i).isDone());
    }
    assertEquals(new Attempt.Postponed("the queue is full"), call(most).join());
    assertEquals(most, dispatcher.stats().sync().accepted());
    dispatcher.rejectCallers();
    dispatcher.drain();
    assertEquals(new Attempt.Postponed("the coordinator is shutting down"), call(0).join());
    pool.close();
    assertInstanceOf(Attempt.Postponed.class, call(0).join());
  }

  private Attempt ended(WorkerStream worker, Outcome.Acked acked) {
    CompletableFuture<Attempt> attempt = call(0);
    dispatcher.ack(worker, leases.getLast().ackId(), acked);
    return attempt.join();
  }

  private CompletableFuture<Attempt> call(int redrive) {
    return target
        .call(new ClaimedRequest(7, "t1", "scores", 1, 0, redrive, 0, "[{\"a\":1}]"))
        .toCompletableFuture();
  }

  private WorkerStream connect() {
    return dispatcher.connect(
        "worker",
        ActionNames.ALL,
        1,
        new Target() {
          @Override
          public void lease(Lease lease) {
            leases.add(lease);
          }

          @Override
          public void end() {}
        });
  }
}
