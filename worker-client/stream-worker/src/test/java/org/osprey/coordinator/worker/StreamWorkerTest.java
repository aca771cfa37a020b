package org.osprey.coordinator.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.common.v1.ExecutionResult;
import org.osprey.coordinator.proto.common.v1.Verdicts;

@Timeout(120)
class StreamWorkerTest {
  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final StreamWorkerBuilder builder =
      StreamWorker.builder().target(coordinator.target()).streams(1).clientId("worker-1");

  @AfterEach
  void closeCoordinator() {
    coordinator.close();
  }

  @Test
  void introducesItselfAndSendsNoHeadersByDefault() {
    try (StreamWorker worker = started(action -> Answer.verdicts())) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      assertEquals("worker-1", session.request(0).getActionRequest().getInitial().getId());
      assertEquals("null", session.header("coordinator-max-outstanding"));
      assertEquals("null", session.header("coordinator-actions"));
      await().until(() -> worker.stats().equals(new WorkerStats(1, 0, 0, 0, 0, 0)));
    }
  }

  @Test
  void sendsItsWishesAsHeaders() {
    builder.maxOutstanding(5).actionNames("user_*", "guild_joined");
    try (StreamWorker worker = started(action -> Answer.verdicts())) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      assertEquals("5", session.header("coordinator-max-outstanding"));
      assertEquals("user_*,guild_joined", session.header("coordinator-actions"));
      assertEquals(0, worker.stats().received());
    }
  }

  @Test
  void answersWithVerdictsUnderTheAckId() {
    ExecutionResult result = ExecutionResult.newBuilder().setActionName("user_login").build();
    try (StreamWorker worker =
        started(action -> Answer.verdicts("a", "b").withExecutionResult(result))) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      session.send(7, "user_login");
      AckOrNack answer = session.request(1).getActionRequest().getAckOrNack();
      Verdicts verdicts = answer.getAck().getVerdicts();
      assertEquals(7, answer.getAckId());
      assertEquals(1_007, verdicts.getActionId());
      assertEquals("user_login", verdicts.getActionName());
      assertEquals(List.of("a", "b"), verdicts.getVerdictsList());
      assertEquals(1_700_000_000, verdicts.getTimestamp().getSeconds());
      assertEquals(result, answer.getAck().getExecutionResult());
      session.send(8, "user_login");
      assertEquals(8, session.request(2).getActionRequest().getAckOrNack().getAckId());
      await().until(() -> worker.stats().equals(new WorkerStats(1, 2, 2, 0, 0, 0)));
    }
  }

  @Test
  void handsTheActionOverAsItCame() throws InterruptedException {
    BlockingQueue<ReceivedAction> seen = new LinkedBlockingQueue<>();
    AtomicBoolean virtual = new AtomicBoolean();
    ActionHandler handler =
        action -> {
          virtual.set(Thread.currentThread().isVirtual());
          seen.add(action);
          return Answer.verdicts();
        };
    try (StreamWorker worker = started(handler)) {
      coordinator.session(0).send(-2_000, "json");
      ReceivedAction json = seen.take();
      assertEquals("18446744073709550616", json.idText());
      assertEquals(
          new ReceivedAction.Payload.Json(ByteString.copyFromUtf8("{\"user_id\":\"user_123\"}")),
          json.payload());
      assertEquals("{}", json.secret().toStringUtf8());
      assertEquals(Instant.ofEpochSecond(1_700_000_000, 5), json.timestamp());
      assertFalse(json.toString().contains("user_123"));
      assertTrue(virtual.get());
      ByteString secret = ByteString.copyFromUtf8("{\"key\":1}");
      ByteString bytes = ByteString.copyFrom(new byte[] {9, 1});
      OspreyCoordinatorAction.Builder proto = ScriptedCoordinator.action(2, "proto");
      coordinator
          .session(0)
          .send(proto.setProtoActionData(bytes).setJsonSecretData(secret).build());
      ReceivedAction second = seen.take();
      assertEquals(new ReceivedAction.Payload.Proto(bytes), second.payload());
      assertEquals(secret, second.secret());
      await().until(() -> worker.stats().acked() == 2);
    }
  }

  @Test
  void nacksWhatTheHandlerNacksOrFailsOrCannotBeRead() {
    ActionHandler handler =
        action ->
            switch (action.name()) {
              case "nack" -> Answer.nack();
              case "error" -> throw new AssertionError("an error");
              default -> throw new IllegalStateException("an exception");
            };
    try (StreamWorker worker = started(handler)) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      session.send(1, "nack");
      assertNacked(1, session.request(1).getActionRequest().getAckOrNack());
      session.send(2, "error");
      assertNacked(2, session.request(2).getActionRequest().getAckOrNack());
      session.send(3, "exception");
      assertNacked(3, session.request(3).getActionRequest().getAckOrNack());
      session.send(ScriptedCoordinator.action(4, "empty").clearActionData().build());
      assertNacked(4, session.request(4).getActionRequest().getAckOrNack());
      await().until(() -> worker.stats().equals(new WorkerStats(1, 4, 0, 4, 0, 0)));
    }
  }

  @Test
  void nacksWhatTakesTooLongAndDropsTheLateResult() {
    ManualTimer timer = new ManualTimer();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    ActionHandler handler =
        action -> {
          if (action.name().equals("fast")) {
            return Answer.verdicts("fast");
          }
          try {
            entered.countDown();
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return Answer.verdicts("late");
        };
    builder.timer(timer).actionTimeout(Duration.ofSeconds(3));
    try (StreamWorker worker = started(handler)) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      session.send(1, "slow");
      await().until(() -> entered.getCount() == 0);
      timer.advance(Duration.ofMillis(2_999));
      assertEquals(1, session.requests.size());
      timer.advance(Duration.ofMillis(1));
      assertNacked(1, session.request(1).getActionRequest().getAckOrNack());
      await().until(() -> interrupted.getCount() == 0);
      session.send(2, "fast");
      assertEquals(2, session.request(2).getActionRequest().getAckOrNack().getAckId());
      await().until(() -> worker.stats().equals(new WorkerStats(1, 2, 1, 1, 1, 0)));
      assertEquals(3, session.requests.size());
    }
  }

  @Test
  void handlesAsManyAtOnceAsItAskedFor() {
    CountDownLatch allThere = new CountDownLatch(3);
    ActionHandler handler =
        action -> {
          allThere.countDown();
          allThere.await();
          return Answer.verdicts();
        };
    try (StreamWorker worker = started(builder.maxOutstanding(3), handler)) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      session.send(1, "a");
      session.send(2, "b");
      session.send(3, "c");
      session.request(3);
      await().until(() -> worker.stats().equals(new WorkerStats(1, 3, 3, 0, 0, 0)));
    }
  }

  @Test
  void spreadsStreamsOverTargets() {
    try (ScriptedCoordinator second = new ScriptedCoordinator()) {
      builder.targets(List.of(second.target())).streams(5).channelsPerTarget(2);
      try (StreamWorker worker = started(action -> Answer.verdicts())) {
        await().until(() -> coordinator.sessions() == 3 && second.sessions() == 2);
        await().until(() -> worker.stats().streamsConnected() == 5);
      }
    }
  }

  @Test
  void refusesWhatCannotWork() {
    assertMistake("handler", builder);
    builder.handler(action -> Answer.nack());
    assertMistake("at least one target", StreamWorker.builder().handler(action -> Answer.nack()));
    assertMistake("host:port", builder().target("localhost"));
    assertMistake("host:port", builder().target("localhost:70000"));
    assertMistake("streams", builder().streams(0));
    assertMistake("maxOutstanding: expected 1 to 1000, got 1001", builder().maxOutstanding(1_001));
    assertMistake("channelsPerTarget", builder().channelsPerTarget(0));
    assertMistake("clientId", builder().clientId(" "));
    assertMistake("actionNames", builder().actionNames("a,b"));
    assertMistake("actionTimeout", builder().actionTimeout(Duration.ZERO));
    assertMistake("drainTimeout", builder().drainTimeout(Duration.ofSeconds(-1)));
    assertMistake(
        "rotateAfter", builder().rotateAfter(Duration.ofSeconds(2), Duration.ofSeconds(1)));
  }

  @Test
  void startsOnceAndClosesInAnyOrder() {
    StreamWorker neverStarted = builder().build();
    neverStarted.close();
    assertThrows(IllegalStateException.class, neverStarted::start);
    StreamWorker worker = builder().build();
    worker.start();
    assertThrows(IllegalStateException.class, worker::start);
    worker.close();
    worker.close();
    assertEquals(0, worker.stats().streamsConnected());
  }

  @Test
  void retriesWhenTheCoordinatorRefusesTheStream() {
    try (StreamWorker worker = started(action -> Answer.verdicts())) {
      coordinator.session(0).fail(Status.PERMISSION_DENIED.asRuntimeException());
      coordinator.session(1).send(1, "a");
      coordinator.session(1).request(1);
      await().until(() -> worker.stats().equals(new WorkerStats(1, 1, 1, 0, 0, 1)));
    }
  }

  private StreamWorkerBuilder builder() {
    return StreamWorker.builder().target(coordinator.target()).handler(action -> Answer.nack());
  }

  private StreamWorker started(ActionHandler handler) {
    return started(builder, handler);
  }

  private static StreamWorker started(StreamWorkerBuilder builder, ActionHandler handler) {
    StreamWorker worker = builder.handler(handler).build();
    worker.start();
    return worker;
  }

  private static void assertNacked(long ackId, AckOrNack answer) {
    assertEquals(ackId, answer.getAckId());
    assertTrue(answer.hasNack());
  }

  private static void assertMistake(String part, StreamWorkerBuilder builder) {
    String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    assertTrue(String.valueOf(message).contains(part), message);
  }
}
