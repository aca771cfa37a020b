package org.osprey.coordinator.streams;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.HeartbeatCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SkipSceneCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

@Timeout(120)
class StreamRouterTest {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final OrchestratorCommand SKIP = skip("s1");

  private final ManualTicker ticker = new ManualTicker();
  private final FakeOwnership ownership = new FakeOwnership("me");
  private final FakeStreams local = new FakeStreams("local");
  private final FakeStreams remote = new FakeStreams("remote");
  private final Peers peers =
      new Peers() {
        @Override
        public void serveAs(String instance, StreamCommands owned) {
          throw new AssertionError("not the router's");
        }

        @Override
        public StreamCommands peer(String instance) {
          assertEquals("other", instance);
          return remote;
        }
      };
  private StreamRouter router;

  @BeforeEach
  void start() {
    router = new StreamRouter(ownership, local, peers, "me", PATIENCE, ticker);
    router.start();
  }

  @AfterEach
  void close() {
    router.close();
  }

  @Test
  void whatIsOursStaysHere() {
    assertEquals(local.reply(Result.RESULT_OK), now(router.command(SKIP)));
    SubscriptionCommand heartbeat =
        SubscriptionCommand.newBuilder()
            .setHeartbeat(HeartbeatCommand.newBuilder().setStreamId("s1").setClientId("c"))
            .build();
    assertEquals(local.reply(Result.RESULT_OK), now(router.subscription(heartbeat)));
    assertEquals(List.of(SKIP, heartbeat), local.asked);
    assertEquals(List.of(), remote.asked);
  }

  @Test
  void whatIsAnothersGoesThere() {
    ownership.owner = "other";
    assertEquals(remote.reply(Result.RESULT_OK), now(router.command(SKIP)));
    assertEquals(List.of(SKIP), remote.asked);
    assertEquals(List.of(), local.asked);
    assertEquals(1, RecordedFigures.of(router).get("streams_commands_forwarded"));
  }

  @Test
  void everyOtherReplyIsPassedOnAndNothingIsSentTwice() {
    for (Result result : Result.values()) {
      if (result == Result.UNRECOGNIZED || result == Result.RESULT_NOT_OWNER) {
        continue;
      }
      local.answers(result);
      assertEquals(local.reply(result), now(router.command(SKIP)));
      if (result != Result.RESULT_UNAVAILABLE) {
        ownership.owner = "other";
        remote.answers(result);
        assertEquals(remote.reply(result), now(router.command(SKIP)));
        ownership.owner = "me";
      }
    }
    assertEquals(Result.values().length - 2, local.asked.size());
    assertEquals(Result.values().length - 3, remote.asked.size());
  }

  @Test
  void aCommandWaitsUntilSomebodyHasItsStream() {
    ownership.owner = null;
    CompletionStage<CommandReply> reply = router.command(SKIP);
    assertEquals(1, waiting());
    ownership.owner = "me";
    assertFalse(reply.toCompletableFuture().isDone());
    ticker.advance(LOOK_AGAIN);
    assertEquals(local.reply(Result.RESULT_OK), later(reply));
    assertEquals(0, waiting());
  }

  @Test
  void whoHasItNoMoreIsAskedAgainUntilAnotherIsKnown() {
    for (Result refused : List.of(Result.RESULT_NOT_OWNER, Result.RESULT_UNAVAILABLE)) {
      remote.asked.clear();
      local.asked.clear();
      ownership.owner = "other";
      remote.answers(refused);
      CompletionStage<CommandReply> reply = router.command(SKIP);
      ticker.advance(LOOK_AGAIN);
      until(() -> remote.asked.size() == 2);
      until(() -> waiting() == 1);
      ownership.owner = "me";
      ticker.advance(LOOK_AGAIN);
      assertEquals(local.reply(Result.RESULT_OK), later(reply));
      assertEquals(2, remote.asked.size());
      assertEquals(1, local.asked.size());
    }
  }

  @Test
  void whatWasOursUntilNowIsLookedForToo() {
    local.answers(Result.RESULT_NOT_OWNER);
    CompletionStage<CommandReply> reply = router.command(SKIP);
    ownership.owner = "other";
    ticker.advance(LOOK_AGAIN);
    assertEquals(remote.reply(Result.RESULT_OK), later(reply));
  }

  @Test
  void patienceEnds() {
    ownership.owner = "other";
    remote.answers(Result.RESULT_NOT_OWNER);
    CompletableFuture<CommandReply> reply = router.command(SKIP).toCompletableFuture();
    int looks = 1;
    for (; !reply.isDone(); looks++) {
      int asked = looks;
      until(() -> remote.asked.size() == asked && (waiting() == 1 || reply.isDone()));
      ticker.advance(LOOK_AGAIN);
    }
    CommandReply end = later(reply);
    assertEquals(Result.RESULT_UNAVAILABLE, end.getResult());
    assertEquals("the stream was with nobody for 10000 ms: from remote", end.getMessage());
    assertTrue(remote.asked.size() <= 51, "asked " + remote.asked.size());
    assertTrue(ticker.nanos() >= PATIENCE.minus(LOOK_AGAIN).toNanos(), "at " + ticker.nanos());
  }

  @Test
  void aReplyThatFailsMayHaveHappened() {
    local.answersWith(() -> CompletableFuture.failedStage(new IllegalStateException("broken")));
    CommandReply reply = now(router.command(SKIP));
    assertEquals(Result.RESULT_UNKNOWN, reply.getResult());
    assertEquals(1, local.asked.size());
  }

  @Test
  void withoutPeersThereIsOnlyThisCoordinator() {
    try (StreamRouter alone = new StreamRouter(ownership, local, null, "me", PATIENCE, ticker)) {
      alone.start();
      assertEquals(Result.RESULT_OK, now(alone.command(SKIP)).getResult());
      ownership.owner = "other";
      CommandReply reply = now(alone.command(SKIP));
      assertEquals(Result.RESULT_UNAVAILABLE, reply.getResult());
      assertTrue(reply.getMessage().contains("nats"), reply.getMessage());
    }
  }

  @Test
  void aBadIdIsRefusedBeforeAnythingElse() {
    ownership.owner = null;
    for (String id : List.of("", "a.b", "*", "x".repeat(65))) {
      CommandReply reply = now(router.command(skip(id)));
      assertEquals(Result.RESULT_INVALID, reply.getResult());
      assertTrue(reply.getMessage().startsWith("stream_id "), reply.getMessage());
    }
    assertEquals(
        Result.RESULT_INVALID,
        now(router.command(OrchestratorCommand.getDefaultInstance())).getResult());
    assertEquals(
        Result.RESULT_INVALID,
        now(router.subscription(SubscriptionCommand.getDefaultInstance())).getResult());
    assertEquals(0, waiting());
  }

  @Test
  void noMoreWaitThanMay() {
    ownership.owner = null;
    List<CompletionStage<CommandReply>> replies = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      replies.add(router.command(SKIP));
    }
    assertEquals(Result.RESULT_TOO_MANY, now(router.command(SKIP)).getResult());
    ownership.owner = "me";
    ticker.advance(LOOK_AGAIN);
    replies.forEach(reply -> assertEquals(Result.RESULT_OK, later(reply).getResult()));
    assertEquals(10_000, local.asked.size());
  }

  @Test
  void whoWaitsForEachReplyIsServedInOrder() {
    List<OrchestratorCommand> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ownership.owner = i % 3 == 0 ? null : "me";
      OrchestratorCommand command = skip("s" + i);
      sent.add(command);
      CompletionStage<CommandReply> reply = router.command(command);
      ownership.owner = "me";
      ticker.advance(LOOK_AGAIN);
      assertEquals(Result.RESULT_OK, later(reply).getResult());
    }
    assertEquals(sent, local.asked);
  }

  @Test
  void whatWaitsIsRefusedAtTheEnd() {
    ownership.owner = null;
    CompletionStage<CommandReply> waits = router.command(SKIP);
    router.close();
    assertEquals(Result.RESULT_UNAVAILABLE, now(waits).getResult());
    assertEquals(Result.RESULT_UNAVAILABLE, now(router.command(SKIP)).getResult());
    assertEquals(List.of(), local.asked);
  }

  private double waiting() {
    return RecordedFigures.of(router).getOrDefault("streams_commands_waiting", -1.0);
  }

  private static OrchestratorCommand skip(String id) {
    return OrchestratorCommand.newBuilder()
        .setSkipScene(SkipSceneCommand.newBuilder().setStreamId(id))
        .build();
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(30, TimeUnit.SECONDS).pollInterval(Duration.ofMillis(1)).until(condition);
  }

  private static CommandReply now(CompletionStage<CommandReply> reply) {
    return reply.toCompletableFuture().resultNow();
  }

  private static CommandReply later(CompletionStage<CommandReply> reply) {
    return reply.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
