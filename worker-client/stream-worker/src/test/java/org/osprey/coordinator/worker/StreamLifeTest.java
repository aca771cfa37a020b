package org.osprey.coordinator.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;

/** How streams rotate, come back and leave. */
@Timeout(120)
class StreamLifeTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualTimer timer = new ManualTimer();
  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch proceed = new CountDownLatch(1);

  @AfterEach
  void closeCoordinator() {
    coordinator.close();
  }

  @Test
  void rotatesWithTheLastAnswerInTheDisconnect() {
    StreamWorkerBuilder builder = builder().rotateAfter(MINUTE, MINUTE);
    builder.actionTimeout(Duration.ofHours(1));
    try (StreamWorker worker = started(builder)) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      session.send(1, "slow");
      await().until(() -> entered.getCount() == 0);
      timer.advance(MINUTE);
      assertFalse(session.halfClosed);
      assertEquals(1, session.requests.size());
      proceed.countDown();
      AckOrNack last = session.request(1).getDisconnect().getAckOrNack();
      assertEquals(1, last.getAckId());
      assertTrue(last.hasAck());
      await().until(() -> session.halfClosed);
      coordinator.session(1);
      await().until(() -> worker.stats().equals(new WorkerStats(1, 1, 1, 0, 0, 1)));
    }
  }

  @Test
  void rotatesAnIdleStreamWithAnEmptyDisconnect() {
    try (StreamWorker worker = started(builder().rotateAfter(MINUTE, MINUTE))) {
      ScriptedCoordinator.Session session = connected(worker, 0);
      timer.advance(MINUTE.minusMillis(1));
      assertEquals(1, session.requests.size());
      timer.advance(Duration.ofMillis(1));
      Request last = session.request(1);
      assertTrue(last.hasDisconnect());
      assertFalse(last.getDisconnect().hasAckOrNack());
      coordinator.session(1);
      await().until(() -> worker.stats().equals(new WorkerStats(1, 0, 0, 0, 0, 1)));
    }
  }

  @Test
  void answersAllInHandBeforeALeavingStreamCloses() {
    StreamWorkerBuilder builder = builder().maxOutstanding(2).rotateAfter(MINUTE, MINUTE);
    builder.actionTimeout(Duration.ofHours(1));
    try (StreamWorker worker = started(builder)) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      session.send(1, "slow");
      session.send(2, "slow");
      await().until(() -> worker.stats().received() == 2);
      timer.advance(MINUTE);
      proceed.countDown();
      long first = session.request(1).getDisconnect().getAckOrNack().getAckId();
      long second = session.request(2).getDisconnect().getAckOrNack().getAckId();
      assertEquals(3, first + second);
      await().until(() -> session.halfClosed);
      assertEquals(2, worker.stats().acked());
    }
  }

  @Test
  void opensAtOnceAfterACleanEnd() {
    try (StreamWorker worker = started(builder())) {
      ScriptedCoordinator.Session session = connected(worker, 0);
      timer.advance(StreamSlot.PROOF);
      session.end();
      coordinator.session(1).send(1, "fast");
      coordinator.session(1).request(1);
      coordinator.session(1).end();
      coordinator.session(2);
      await().until(() -> worker.stats().equals(new WorkerStats(1, 1, 1, 0, 0, 2)));
    }
  }

  @Test
  void pausesWhenTheCoordinatorEndsEveryStreamAtOnce() {
    try (StreamWorker worker = started(builder())) {
      connected(worker, 0).end();
      await().until(() -> worker.stats().streamsConnected() == 0);
      assertEquals(1, coordinator.sessions());
      timer.advance(Duration.ofMillis(100));
      coordinator.session(1);
      await().until(() -> worker.stats().equals(new WorkerStats(1, 0, 0, 0, 0, 1)));
    }
  }

  @Test
  void comesBackAfterTheCoordinatorDiedWithAnActionInHand() {
    int port = coordinator.port();
    StreamWorkerBuilder builder =
        StreamWorker.builder().target(coordinator.target()).streams(2).handler(this::handle);
    try (StreamWorker worker = started(builder)) {
      await().until(() -> worker.stats().streamsConnected() == 2);
      coordinator.session(0).send(1, "slow");
      await().until(() -> entered.getCount() == 0);
      coordinator.close();
      await().until(() -> worker.stats().streamsConnected() == 0);
      try (ScriptedCoordinator next = new ScriptedCoordinator(port)) {
        next.session(0).send(2, "fast");
        assertEquals(2, next.session(0).request(1).getActionRequest().getAckOrNack().getAckId());
        await().until(() -> worker.stats().equals(new WorkerStats(2, 2, 1, 0, 0, 2)));
      }
    }
  }

  @Test
  void waitsForACoordinatorThatIsNotThereYet() {
    int port = coordinator.port();
    StreamWorkerBuilder builder = builder();
    coordinator.close();
    Duration longestPause = Duration.ofSeconds(5);
    try (StreamWorker worker = started(builder)) {
      await().until(() -> timer.expects(longestPause));
      timer.advance(longestPause);
      await().until(() -> timer.expects(longestPause));
      try (ScriptedCoordinator late = new ScriptedCoordinator(port)) {
        timer.advance(longestPause);
        late.session(0).send(1, "fast");
        late.session(0).request(1);
        await().until(() -> worker.stats().equals(new WorkerStats(1, 1, 1, 0, 0, 0)));
      }
    }
  }

  @Test
  void closingAnswersTheActionInHandFirst() throws InterruptedException {
    StreamWorker worker = started(builder().streams(2));
    ScriptedCoordinator.Session busy = coordinator.session(0);
    ScriptedCoordinator.Session idle = coordinator.session(1);
    await().until(() -> worker.stats().streamsConnected() == 2);
    busy.send(1, "slow");
    await().until(() -> entered.getCount() == 0);
    Thread closing = Thread.startVirtualThread(worker::close);
    assertTrue(idle.request(1).hasDisconnect());
    assertEquals(1, busy.requests.size());
    proceed.countDown();
    assertEquals(1, busy.request(1).getDisconnect().getAckOrNack().getAckId());
    closing.join();
    assertEquals(new WorkerStats(0, 1, 1, 0, 0, 0), worker.stats());
    assertEquals(2, coordinator.sessions());
  }

  @Test
  void closingCutsWhatDoesNotFinish() {
    StreamWorker worker = started(builder().drainTimeout(Duration.ofMillis(50)));
    ScriptedCoordinator.Session session = coordinator.session(0);
    session.send(1, "slow");
    await().until(() -> entered.getCount() == 0);
    worker.close();
    await().until(() -> session.broken);
    assertEquals(new WorkerStats(0, 1, 0, 0, 0, 0), worker.stats());
    assertEquals(1, session.requests.size());
  }

  @Test
  void leavesNoThreadThatHoldsTheProcess() {
    StreamWorker worker =
        StreamWorker.builder().target(coordinator.target()).handler(this::handle).build();
    worker.start();
    await().until(() -> worker.stats().streamsConnected() == 8);
    assertTrue(timerThreadLives());
    worker.close();
    await().until(() -> !timerThreadLives());
  }

  private StreamWorkerBuilder builder() {
    return StreamWorker.builder()
        .target(coordinator.target())
        .streams(1)
        .timer(timer)
        .handler(this::handle);
  }

  private Answer handle(ReceivedAction action) throws InterruptedException {
    entered.countDown();
    if (action.name().equals("slow")) {
      proceed.await();
    }
    return Answer.verdicts(action.name());
  }

  /** Known to both sides. */
  private ScriptedCoordinator.Session connected(StreamWorker worker, int number) {
    ScriptedCoordinator.Session session = coordinator.session(number);
    await().until(() -> worker.stats().streamsConnected() == 1);
    return session;
  }

  private static StreamWorker started(StreamWorkerBuilder builder) {
    StreamWorker worker = builder.build();
    worker.start();
    return worker;
  }

  private static boolean timerThreadLives() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("osprey-worker-timer"));
  }
}
