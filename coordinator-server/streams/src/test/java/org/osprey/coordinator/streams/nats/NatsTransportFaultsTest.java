package org.osprey.coordinator.streams.nats;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.Commands.failure;
import static org.osprey.coordinator.streams.Commands.get;
import static org.osprey.coordinator.streams.Commands.pause;
import static org.osprey.coordinator.streams.Commands.register;
import static org.osprey.coordinator.streams.Commands.update;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.nats.NatsConnectionSettings;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.streams.Received;
import org.osprey.coordinator.streams.RecordedStreams;
import org.osprey.coordinator.streams.StreamCommands;
import org.osprey.coordinator.streams.StreamCommands.UnreachableException;
import org.osprey.coordinator.streams.Transport.Watch;

/** What becomes of streams when NATS fails, and that they go on when it is back. */
class NatsTransportFaultsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void goesOnWhenTheServerIsBack() throws Exception {
    try (NatsServer server = NatsServer.start();
        NatsRig rig = new NatsRig(server.url())) {
      NatsTransport serving = rig.transport(NatsRig.PATIENT, new RecordedStreams("a"), "one");
      NatsTransport watching = rig.transport(NatsRig.PATIENT, null, null);
      Received received = new Received();
      Watch watch = get(watching.watch("s", received));
      serving.publish(update("s", 1));
      received.awaitLast(1);
      server.kill();
      await().atMost(PATIENCE).until(() -> !serving.check().healthy());
      await().atMost(PATIENCE).until(() -> !watching.check().healthy());
      for (long seq = 2; seq <= 1000; seq++) {
        serving.publish(update("s", seq));
      }
      assertEquals(
          Result.RESULT_UNAVAILABLE, get(watching.streams().command(pause("s"))).getResult());
      assertInstanceOf(UnreachableException.class, failure(watching.watch("t", update -> {})));

      server.restart();
      long back = System.nanoTime();
      awaitGoesOn(serving, watching, received);
      System.out.printf("server killed and back: ms=%d%n", (System.nanoTime() - back) / 1_000_000);
      // None of those that could not be sent has come late.
      List<Long> seqs = received.seqs();
      assertEquals(List.of(), seqs.stream().filter(seq -> seq > 1 && seq <= 1000).toList());
      assertEquals(Result.RESULT_OK, get(watching.peer("one").command(pause("s"))).getResult());
      watch.close();
    }
  }

  @Test
  void goesOnOverAnotherConnection() throws Exception {
    try (NatsServer server = NatsServer.start("authorization { token: new }");
        NatsRig rig = new NatsRig(NatsConnectionSettings.of(server.url()).withToken("new"))) {
      NatsTransport serving = rig.transport(NatsRig.PATIENT, new RecordedStreams("a"), "one");
      NatsTransport watching = rig.transport(NatsRig.PATIENT, null, null);
      Received received = new Received();
      Watch watch = get(watching.watch("s", received));
      server.kill();
      server.configure("authorization { token: old }");
      server.restart();
      // The client has given its connection up by then.
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  serving.check().detail().contains("login refused")
                      && watching.check().detail().contains("login refused"));
      server.kill();
      server.configure("authorization { token: new }");
      server.restart();
      awaitGoesOn(serving, watching, received);
      assertEquals(Result.RESULT_OK, get(watching.peer("one").command(pause("s"))).getResult());
      watch.close();
    }
  }

  @Test
  void aServerThatIsStuckIsSentNoUpdates() throws Exception {
    NatsTransportSettings alert =
        new NatsTransportSettings(Duration.ofMillis(100), 10, Duration.ofMillis(300));
    try (NatsServer server = NatsServer.start();
        NatsRig rig = new NatsRig(server.url())) {
      NatsTransport transport = rig.transport(alert, null, null);
      server.freeze();
      await().atMost(PATIENCE).until(() -> Told.by(transport).counted("streams_nats_stalls") > 0);
      assertFalse(transport.check().healthy());
      long sent = Told.by(transport).counted("streams_nats_published");
      for (long seq = 1; seq <= 100; seq++) {
        transport.publish(update("s", seq));
      }
      assertEquals(sent, Told.by(transport).counted("streams_nats_published"));
      // The client gives such a connection up after some seconds; then there is none.
      Result result = get(transport.streams().command(pause("s"))).getResult();
      assertTrue(
          result == Result.RESULT_UNKNOWN || result == Result.RESULT_UNAVAILABLE, result::name);
      assertInstanceOf(UnreachableException.class, failure(transport.watch("s", update -> {})));
      server.thaw();
      await().atMost(PATIENCE).until(() -> transport.check().healthy());
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                transport.publish(update("s", 1));
                return Told.by(transport).counted("streams_nats_published") > sent;
              });
    }
  }

  @Test
  void withoutAServerOthersAreOutOfReachAndNothingThrows() throws Exception {
    NatsServer server = NatsServer.start();
    server.kill();
    try (server;
        NatsRig rig = new NatsRig(server.url())) {
      NatsTransport transport = rig.started(NatsRig.PATIENT, new RecordedStreams("a"), "one");
      StreamCommands streams = transport.streams();
      assertFalse(transport.check().healthy());
      assertEquals(Result.RESULT_OK, get(streams.command(pause("s"))).getResult());
      assertEquals(
          Result.RESULT_UNAVAILABLE,
          get(transport.peer("x").subscription(register("s"))).getResult());
      assertEquals(
          Result.RESULT_UNAVAILABLE, get(transport.peer("x").command(pause("s"))).getResult());
      assertInstanceOf(
          UnreachableException.class,
          failure(transport.peer("x").list(ListStreamsRequest.getDefaultInstance())));
      assertEquals(
          "a",
          get(streams.list(ListStreamsRequest.getDefaultInstance())).getStreams(0).getInstance());
      assertInstanceOf(UnreachableException.class, failure(transport.watch("s", update -> {})));
      transport.publish(update("s", 1));
      assertEquals(1, Told.by(transport).counted("streams_nats_left_out"));
      assertEquals(0, Told.by(transport).gauge("streams_nats_watched"));

      server.restart();
      await().atMost(PATIENCE).until(() -> transport.check().healthy());
      assertEquals(Result.RESULT_OK, get(streams.command(pause("s"))).getResult());
    }
  }

  /** The watch that was there is told again, and commands arrive. */
  private static void awaitGoesOn(
      NatsTransport serving, NatsTransport watching, Received received) {
    AtomicLong seq = new AtomicLong(1000);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              serving.publish(update("s", seq.incrementAndGet()));
              return received.last() > 1000
                  && get(watching.streams().command(pause("s"))).getResult() == Result.RESULT_OK;
            });
  }
}
