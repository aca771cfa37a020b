package org.osprey.coordinator.streams.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand.CommandCase;
import org.osprey.coordinator.streams.StreamCommands;

/** Step by step, without threads. */
class MembershipTest {
  private static final RegisterCommand ADA =
      RegisterCommand.newBuilder()
          .setStreamId("a")
          .setClientId("ada")
          .setSourceAddr("here:1")
          .build();

  private final List<CommandCase> asked = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private CompletableFuture<CommandReply> reply = new CompletableFuture<>();
  private Membership membership;

  @BeforeEach
  void make() {
    membership = new Membership(ADA, new Asked(), GatewaySettings.DEFAULTS, new Heard());
  }

  /** Answers with what the test says, when it does. */
  private final class Asked implements StreamCommands {
    @Override
    public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
      asked.add(command.getCommandCase());
      reply = new CompletableFuture<>();
      return reply;
    }

    @Override
    public CompletionStage<CommandReply> command(OrchestratorCommand command) {
      throw new AssertionError(command);
    }

    @Override
    public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
      throw new AssertionError(request);
    }
  }

  private final class Heard implements Membership.Owner {
    @Override
    public void answered() {
      heard.add("answered");
    }

    @Override
    public void registered(StateUpdate state) {
      heard.add("registered " + state.getSeq());
    }

    @Override
    public void streamEnded() {
      heard.add("ended");
    }

    @Override
    public void refused(String message) {
      heard.add("refused " + message);
    }
  }

  private void step(long second) {
    step(second, 0);
  }

  private void step(long second, long heardAtSecond) {
    membership.step(nanos(second), nanos(heardAtSecond), 0.999);
  }

  private static long nanos(long second) {
    return Duration.ofSeconds(second).toNanos();
  }

  private void answer(Result result) {
    reply.complete(FakeStreams.said(result, "why"));
  }

  private void register() {
    step(0);
    reply.complete(FakeStreams.reply(States.of("a", 7, 0, 0)));
    step(0);
  }

  @Test
  void oneQuestionIsOutAtATime() {
    step(0);
    step(60);
    assertEquals(List.of(CommandCase.REGISTER), asked);
    reply.complete(FakeStreams.reply(States.of("a", 7, 0, 0)));
    step(61);
    assertEquals(List.of("answered", "registered 7"), heard);
  }

  @Test
  void whoIsNotHeardHasNoHeartbeat() {
    register();
    step(30, 0);
    step(89, 0);
    assertEquals(1, asked.size());
    step(89, 15);
    assertEquals(CommandCase.HEARTBEAT, asked.getLast());
    answer(Result.RESULT_OK);
    step(119, 120);
    step(118, 120);
    assertEquals(3, asked.size());
  }

  @Test
  void aHeartbeatThatIsNotTakenRegistersAgain() {
    for (Result result :
        List.of(Result.RESULT_UNAVAILABLE, Result.RESULT_UNKNOWN, Result.RESULT_INVALID)) {
      asked.clear();
      make();
      register();
      step(30, 15);
      answer(result);
      step(30, 15);
      step(31, 15);
      assertEquals(
          List.of(CommandCase.REGISTER, CommandCase.HEARTBEAT, CommandCase.REGISTER), asked);
    }
  }

  @Test
  void theEndOfTheStreamIsTheEnd() {
    register();
    step(30, 15);
    answer(Result.RESULT_UNKNOWN_STREAM);
    step(30, 15);
    assertEquals("ended", heard.getLast());
    assertTrue(membership.isGone());
    membership.leave(nanos(31));
    step(31);
    assertEquals(2, asked.size());
  }

  @Test
  void whoIsRefusedIsToldWhy() {
    step(0);
    answer(Result.RESULT_INVALID);
    step(0);
    assertEquals("refused why", heard.getLast());
    assertTrue(membership.isGone());
  }

  @Test
  void whoLeavesBeforeTheAnswerIsUnregisteredAfterIt() {
    step(0);
    membership.leave(nanos(1));
    step(1);
    assertEquals(List.of(CommandCase.REGISTER), asked);
    answer(Result.RESULT_UNKNOWN);
    step(2);
    step(3);
    assertEquals(CommandCase.UNREGISTER, asked.getLast());
    answer(Result.RESULT_OK);
    step(4);
    assertTrue(membership.isGone());
    assertEquals(List.of("answered", "answered"), heard);
  }

  @Test
  void whoWasNeverRegisteredJustGoes() {
    membership.leave(0);
    step(0);
    assertTrue(membership.isGone());
    assertEquals(List.of(), asked);
  }

  @Test
  void anUnregisterIsRepeatedUntilItMakesNoDifference() {
    register();
    membership.leave(nanos(10));
    for (int second = 10; second < 100; second++) {
      step(second);
      assertFalse(membership.isGone());
      answer(Result.RESULT_UNAVAILABLE);
    }
    step(100);
    step(111);
    assertTrue(membership.isGone());
    long often = asked.stream().filter(CommandCase.UNREGISTER::equals).count();
    assertTrue(often >= 10 && often <= 20, "asked %d times".formatted(often));
  }
}
