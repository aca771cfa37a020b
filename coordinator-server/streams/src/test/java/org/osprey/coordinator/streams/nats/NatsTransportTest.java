package org.osprey.coordinator.streams.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.Commands.failure;
import static org.osprey.coordinator.streams.Commands.get;
import static org.osprey.coordinator.streams.Commands.pause;
import static org.osprey.coordinator.streams.Commands.register;
import static org.osprey.coordinator.streams.Commands.update;

import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.nats.NatsConnectionSettings;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ForceSceneCommand;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.streams.GoldenVectors;
import org.osprey.coordinator.streams.Received;
import org.osprey.coordinator.streams.RecordedStreams;
import org.osprey.coordinator.streams.StreamCommands;
import org.osprey.coordinator.streams.StreamCommands.UnreachableException;
import org.osprey.coordinator.streams.Transport.Watch;

/** What only happens over NATS: other clients, bytes that are no messages, limits. */
class NatsTransportTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final NatsServer SERVER = NatsServer.start();

  private final NatsRig rig = new NatsRig(SERVER.url());

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aClientOfTheOriginalIsServed() throws Exception {
    RecordedStreams served = new RecordedStreams("a");
    NatsTransport transport = rig.transport(NatsRig.PATIENT, served, null);
    try (Foreign foreign = new Foreign(SERVER.url())) {
      foreign.send("orchestrator.command", GoldenVectors.get("start"));
      foreign.send("orchestrator.subscription", GoldenVectors.get("register"));
      foreign.send("orchestrator.command", GoldenVectors.get("force-scene"));
      await().atMost(PATIENCE).until(() -> served.commands().size() == 2);
      await().atMost(PATIENCE).until(() -> served.subscriptions().size() == 1);
      assertEquals("Main", served.commands().getLast().getForceScene().getSceneName());

      Subscription updates = foreign.subscribe("stream.show-1.updates");
      transport.publish(StateUpdate.parseFrom(GoldenVectors.get("state-running")));
      assertEquals(
          StateUpdate.parseFrom(GoldenVectors.get("state-running")),
          StateUpdate.parseFrom(Foreign.next(updates)));

      CommandReply reply = foreign.command("orchestrator.command", GoldenVectors.get("skip-scene"));
      assertEquals(Result.RESULT_OK, reply.getResult());
    }
    assertEquals(4, Told.by(transport).counted("streams_nats_commands"));
    assertEquals(0, Told.by(transport).counted("streams_nats_malformed"));
    assertEquals(0, Told.by(transport).counted("streams_nats_replies_lost"));
  }

  @Test
  void whatIsNoCommandIsRefusedAndCounted() throws Exception {
    RecordedStreams served = new RecordedStreams("a");
    NatsTransport transport = rig.transport(NatsRig.PATIENT, served, "one");
    byte[] garbage = "\u0007no protobuf".getBytes(UTF_8);
    byte[] laterField = {(byte) 0xa2, 1, 0}; // 20: a command that is not known here
    List<String> subjects =
        List.of(
            "orchestrator.command",
            "orchestrator.subscription",
            "orchestrator.instance.one.command",
            "orchestrator.instance.one.subscription");
    try (Foreign foreign = new Foreign(SERVER.url())) {
      for (String subject : subjects) {
        for (byte[] body : List.of(garbage, new byte[0], laterField)) {
          CommandReply reply = foreign.command(subject, body);
          assertEquals(Result.RESULT_INVALID, reply.getResult());
          assertFalse(reply.getMessage().isEmpty());
        }
        foreign.send(subject, garbage);
      }
      Message list = foreign.ask("orchestrator.list", garbage);
      assertTrue(list.getHeaders().containsKey("error"));
    }
    await()
        .atMost(PATIENCE)
        .until(() -> Told.by(transport).counted("streams_nats_malformed") == 17);
    assertEquals(0, Told.by(transport).gauge("streams_nats_under_way"));
    assertEquals(List.of(), served.commands());
    assertEquals(List.of(), served.subscriptions());
  }

  @Test
  void whatIsNoUpdateIsLeftOutAndCounted() throws Exception {
    NatsTransport transport = rig.transport(NatsRig.PATIENT, null, null);
    Received received = new Received();
    Watch watch = get(transport.watch("s", received));
    try (Foreign foreign = new Foreign(SERVER.url())) {
      foreign.send("stream.s.updates", "\u0007no protobuf".getBytes(UTF_8));
      foreign.send("stream.s.updates", update("t", 1).toByteArray());
      foreign.send("stream.s.updates", update("s", 2).toByteArray());
      received.awaitLast(2);
    }
    assertEquals(List.of(2L), received.seqs());
    assertEquals(2, Told.by(transport).counted("streams_nats_malformed"));
    watch.close();
  }

  @Test
  void manyWatchesOfOneStreamAreOneSubscription() throws Exception {
    NatsTransport transport = rig.transport(NatsRig.PATIENT, null, null);
    Received received = new Received();
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      watches.add(get(transport.watch("s", received)));
    }
    try (Foreign foreign = new Foreign(SERVER.url())) {
      foreign.send("stream.s.updates", update("s", 1).toByteArray());
      await().atMost(PATIENCE).until(() -> received.seqs().size() == 50);
    }
    assertEquals(1, Told.by(transport).counted("streams_nats_updates"));
    assertEquals(1, Told.by(transport).gauge("streams_nats_watched"));
    watches.forEach(Watch::close);
    assertEquals(0, Told.by(transport).gauge("streams_nats_watched"));
  }

  @Test
  void nothingComesForAStreamThatNobodyWatchesAnyMore() throws Exception {
    NatsTransport transport = rig.transport(NatsRig.PATIENT, null, null);
    get(transport.watch("gone", update -> {})).close();
    Received received = new Received();
    // When this one is subscribed, the other no longer is.
    Watch watch = get(transport.watch("s", received));
    try (Foreign foreign = new Foreign(SERVER.url())) {
      foreign.send("stream.gone.updates", update("gone", 1).toByteArray());
      foreign.send("stream.s.updates", update("s", 1).toByteArray());
      received.awaitLast(1);
    }
    assertEquals(1, Told.by(transport).counted("streams_nats_updates"));
    watch.close();
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsUnknown() throws Exception {
    HeldStreams served = new HeldStreams();
    rig.transport(NatsRig.PATIENT, served, null);
    NatsTransportSettings hasty =
        new NatsTransportSettings(Duration.ofMillis(50), 10, Duration.ofSeconds(20));
    NatsTransport asking = rig.transport(hasty, null, null);
    CommandReply reply = get(asking.streams().command(pause("s")));
    assertEquals(Result.RESULT_UNKNOWN, reply.getResult());
    assertEquals("no answer on orchestrator.command within 50 ms", reply.getMessage());
    assertEquals(1, Told.by(asking).counted("streams_nats_unanswered"));
    served.answerAll();
  }

  @Test
  void failuresOfWhoServesAreAnswered() throws Exception {
    rig.transport(NatsRig.PATIENT, new HeldStreams(), null);
    StreamCommands streams = rig.transport(NatsRig.PATIENT, null, null).streams();
    assertEquals(Result.RESULT_UNKNOWN, get(streams.subscription(register("s"))).getResult());
    Throwable failure = failure(streams.list(ListStreamsRequest.getDefaultInstance()));
    assertInstanceOf(UnreachableException.class, failure);
    assertEquals("half of them do not answer", failure.getMessage());
  }

  @Test
  void onlySoManyCommandsAreUnderWay() throws Exception {
    HeldStreams served = new HeldStreams();
    NatsTransportSettings narrow =
        new NatsTransportSettings(Duration.ofSeconds(20), 2, Duration.ofSeconds(20));
    NatsTransport serving = rig.transport(narrow, served, null);
    StreamCommands streams = rig.transport(NatsRig.PATIENT, null, null).streams();
    CompletionStage<CommandReply> first = streams.command(pause("s1"));
    CompletionStage<CommandReply> second = streams.command(pause("s2"));
    await().atMost(PATIENCE).until(() -> served.count() == 2);
    CommandReply refused = get(streams.command(pause("s3")));
    assertEquals(Result.RESULT_TOO_MANY, refused.getResult());
    assertEquals("2 commands are under way", refused.getMessage());
    assertEquals(1, Told.by(serving).counted("streams_nats_refused"));

    // Those that go out have a bound of their own.
    CompletionStage<CommandReply> third = serving.peer("nobody").command(pause("s"));
    assertEquals(Result.RESULT_UNAVAILABLE, get(third).getResult());

    served.answerAll();
    assertEquals("late", get(first).getMessage());
    assertEquals("late", get(second).getMessage());
    CompletionStage<CommandReply> fourth = streams.command(pause("s4"));
    await().atMost(PATIENCE).until(() -> served.count() == 3);
    served.answerAll();
    assertEquals(Result.RESULT_OK, get(fourth).getResult());
  }

  @Test
  void whatWasTakenIsAnsweredBeforeTheEnd() throws Exception {
    HeldStreams served = new HeldStreams();
    NatsTransport serving = rig.transport(NatsRig.PATIENT, served, null);
    StreamCommands streams = rig.transport(NatsRig.PATIENT, null, null).streams();
    CompletionStage<CommandReply> taken = streams.command(pause("s"));
    await().atMost(PATIENCE).until(() -> served.count() == 1);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(serving::close);
    // It takes nothing more, and waits for what it has.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                get(streams
                        .list(ListStreamsRequest.getDefaultInstance())
                        .handle((list, failure) -> String.valueOf(failure.getMessage())))
                    .startsWith("nobody serves"));
    served.answerAll();
    assertEquals("late", get(taken).getMessage());
    get(closed);
    assertFalse(serving.check().healthy());
    assertInstanceOf(UnreachableException.class, failure(serving.watch("s", update -> {})));
  }

  @Test
  void whatIsTooLargeForTheServerIsSaid() throws Exception {
    rig.transport(NatsRig.PATIENT, new HeldStreams(), null);
    StreamCommands streams = rig.transport(NatsRig.PATIENT, null, null).streams();
    OrchestratorCommand huge =
        OrchestratorCommand.newBuilder()
            .setForceScene(ForceSceneCommand.newBuilder().setSceneName("x".repeat(2 << 20)))
            .build();
    CommandReply refused = get(streams.command(huge));
    assertEquals(Result.RESULT_INVALID, refused.getResult());
    ListStreamsRequest bytes = ListStreamsRequest.newBuilder().setLimit(2 << 20).build();
    String message = String.valueOf(failure(streams.list(bytes)).getMessage());
    assertTrue(message.contains("max_payload"), message);
  }

  @Test
  void aSubjectThatTheServerForbidsIsSaid() {
    String permissions =
        "authorization { users: [ { user: u, password: p, permissions: "
            + "{ subscribe: { deny: \"orchestrator.command\" } } } ] }";
    try (NatsServer strict = NatsServer.start(permissions);
        NatsRig forbidden =
            new NatsRig(NatsConnectionSettings.of(strict.url()).withUser("u", "p"))) {
      NatsTransport transport = forbidden.started(NatsRig.PATIENT, new HeldStreams(), null);
      await()
          .atMost(PATIENCE)
          .until(() -> transport.check().detail().contains("orchestrator.command"));
      assertFalse(transport.check().healthy());
    }
  }

  @Test
  void namesAndSettingsAreChecked() {
    NatsTransport transport = rig.transport(NatsRig.PATIENT, null, null);
    assertThrows(IllegalArgumentException.class, () -> transport.serveAs("", new HeldStreams()));
    Duration second = Duration.ofSeconds(1);
    assertThrows(
        IllegalArgumentException.class, () -> new NatsTransportSettings(Duration.ZERO, 1, second));
    assertThrows(
        IllegalArgumentException.class, () -> new NatsTransportSettings(second, 0, second));
    assertEquals(
        "stalledAfter must be positive, got PT-1S",
        assertThrows(
                IllegalArgumentException.class,
                () -> new NatsTransportSettings(second, 1, second.negated()))
            .getMessage());
  }
}
