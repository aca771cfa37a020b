package org.osprey.coordinator.streams;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.Commands.failure;
import static org.osprey.coordinator.streams.Commands.get;
import static org.osprey.coordinator.streams.Commands.pause;
import static org.osprey.coordinator.streams.Commands.register;
import static org.osprey.coordinator.streams.Commands.update;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.streams.StreamCommands.UnreachableException;
import org.osprey.coordinator.streams.Transport.Watch;
import org.osprey.coordinator.streams.TransportRig.Node;

/** What every transport promises, between coordinators too. */
public interface TransportContract {
  Duration PATIENCE = Duration.ofMinutes(1);

  TransportRig rig();

  @Test
  default void aCommandReachesWhoServesAndItsReplyComesBack() throws Exception {
    RecordedStreams served = new RecordedStreams("a");
    try (TransportRig rig = rig()) {
      rig.node(served, null);
      StreamCommands streams = rig.node(null, null).transport().streams();
      assertReply("a " + pause("s"), get(streams.command(pause("s"))));
      assertReply("a " + register("s"), get(streams.subscription(register("s"))));
      assertEquals(List.of(pause("s")), served.commands());
      assertEquals(List.of(register("s")), served.subscriptions());
    }
  }

  @Test
  default void aListComesFromOneThatServes() throws Exception {
    ListStreamsRequest request = ListStreamsRequest.newBuilder().setAfter("x").setLimit(5).build();
    try (TransportRig rig = rig()) {
      Node serving = rig.node(new RecordedStreams("a"), null);
      for (Node asking : List.of(serving, rig.node(null, null))) {
        ListStreamsReply reply = get(asking.transport().streams().list(request));
        assertEquals("a", reply.getStreams(0).getInstance());
        assertEquals("x", reply.getStreams(0).getState().getStreamId());
      }
    }
  }

  @Test
  default void whereNobodyServesStreamsAreUnavailable() throws Exception {
    try (TransportRig rig = rig()) {
      StreamCommands streams = rig.node(null, null).transport().streams();
      assertUnavailable(get(streams.command(pause("s"))));
      assertUnavailable(get(streams.subscription(register("s"))));
      assertInstanceOf(
          UnreachableException.class,
          failure(streams.list(ListStreamsRequest.getDefaultInstance())));
    }
  }

  @Test
  default void ofSeveralWhoServeOneTakesEachCommand() throws Exception {
    int count = 200;
    List<RecordedStreams> all = List.of(new RecordedStreams("a"), new RecordedStreams("b"));
    try (TransportRig rig = rig()) {
      all.forEach(served -> rig.node(served, null));
      StreamCommands streams = rig.node(null, null).transport().streams();
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sent.add("s" + i);
        assertEquals(Result.RESULT_OK, get(streams.command(pause("s" + i))).getResult());
      }
      List<String> taken = new ArrayList<>();
      for (RecordedStreams served : all) {
        assertTrue(!served.commands().isEmpty(), "one got nothing");
        served.commands().forEach(command -> taken.add(command.getPause().getStreamId()));
      }
      Collections.sort(sent);
      Collections.sort(taken);
      assertEquals(sent, taken);
    }
  }

  @Test
  default void whoWatchesAndThenRegistersMissesNoUpdate() throws Exception {
    try (TransportRig rig = rig()) {
      Publisher publisher = new Publisher();
      publisher.transport = rig.node(publisher, null).transport();
      Transport watching = rig.node(null, null).transport();
      // Another's register does not wait behind what this one had to send.
      StreamCommands registering = rig.node(null, null).transport().streams();
      for (int round = 0; round < 100; round++) {
        String streamId = "s" + round;
        Received received = new Received();
        Watch watch = get(watching.watch(streamId, received));
        assertEquals(
            Result.RESULT_OK, get(registering.subscription(register(streamId))).getResult());
        received.awaitLast(3);
        assertEquals(List.of(1L, 2L, 3L), received.seqs());
        watch.close();
      }
    }
  }

  @Test
  default void updatesKeepTheirOrder() throws Exception {
    try (TransportRig rig = rig()) {
      Transport sending = rig.node(null, null).transport();
      Received received = new Received();
      Watch watch = get(rig.node(null, null).transport().watch("s", received));
      for (long seq = 1; seq <= 10_000; seq++) {
        sending.publish(update("s", seq));
      }
      AtomicLong next = new AtomicLong(10_000);
      // What cannot be sent may be left out, so the last one is repeated.
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                sending.publish(update("s", next.incrementAndGet()));
                return received.last() > 10_000;
              });
      watch.close();
      List<Long> seqs = received.seqs();
      assertEquals(seqs.stream().sorted().distinct().toList(), seqs);
    }
  }

  @Test
  default void allWhoWatchAreToldAndNobodyElse() throws Exception {
    try (TransportRig rig = rig()) {
      Transport sending = rig.node(null, null).transport();
      Transport other = rig.node(null, null).transport();
      List<Received> told = List.of(new Received(), new Received(), new Received());
      Received stranger = new Received();
      Watch first = get(sending.watch("s", told.get(0)));
      Watch second = get(other.watch("s", told.get(1)));
      Watch third = get(other.watch("s", told.get(2)));
      Watch fourth = get(other.watch("s2", stranger));
      LongStream.rangeClosed(1, 5).forEach(seq -> sending.publish(update("s", seq)));
      sending.publish(update("s2", 7));
      for (Received each : told) {
        each.awaitLast(5);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), each.seqs());
      }
      stranger.awaitLast(7);
      assertEquals(List.of(7L), stranger.seqs());
      List.of(first, second, third, fourth).forEach(Watch::close);
    }
  }

  @Test
  default void aWatchThatIsClosedIsToldNothing() throws Exception {
    try (TransportRig rig = rig()) {
      Transport transport = rig.node(null, null).transport();
      Received closed = new Received();
      Received open = new Received();
      Watch first = get(transport.watch("s", closed));
      Watch second = get(transport.watch("s", open));
      transport.publish(update("s", 1));
      closed.awaitLast(1);
      first.close();
      first.close();
      transport.publish(update("s", 2));
      open.awaitLast(2);
      assertEquals(List.of(1L), closed.seqs());

      // The last one of a stream leaves, and somebody comes again.
      second.close();
      Received again = new Received();
      Watch third = get(transport.watch("s", again));
      transport.publish(update("s", 3));
      again.awaitLast(3);
      assertEquals(List.of(1L, 2L), open.seqs());
      third.close();
    }
  }

  @Test
  default void aListenerThatThrowsHarmsNobody() throws Exception {
    try (TransportRig rig = rig()) {
      Transport transport = rig.node(null, null).transport();
      AtomicInteger calls = new AtomicInteger();
      Watch first =
          get(
              transport.watch(
                  "s",
                  update -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("thrown on purpose");
                  }));
      Received other = new Received();
      Watch second = get(transport.watch("s", other));
      transport.publish(update("s", 1));
      transport.publish(update("s", 2));
      other.awaitLast(2);
      assertEquals(List.of(1L, 2L), other.seqs());
      assertEquals(2, calls.get());
      first.close();
      second.close();
    }
  }

  @Test
  default void aPeerGetsWhatIsSentToItsName() throws Exception {
    try (TransportRig rig = rig()) {
      for (String name : List.of("a", "b.c", "b.*", "host:80 ä")) {
        rig.node(new RecordedStreams("any"), name);
      }
      Peers peers = rig.node(null, null).peers();
      for (String name : List.of("a", "b.c", "b.*", "host:80 ä")) {
        StreamCommands peer = peers.peer(name);
        assertReply(name + " " + pause("s"), get(peer.command(pause("s"))));
        assertReply(name + " " + register("s"), get(peer.subscription(register("s"))));
        ListStreamsReply list = get(peer.list(ListStreamsRequest.getDefaultInstance()));
        assertEquals(name, list.getStreams(0).getInstance());
      }
    }
  }

  @Test
  default void aPeerThatIsUnknownOrGoneIsUnavailable() throws Exception {
    try (TransportRig rig = rig()) {
      Node leaving = rig.node(new RecordedStreams("any"), "a");
      Node staying = rig.node(null, "b");
      assertUnavailable(get(staying.peers().peer("c").command(pause("s"))));
      assertUnavailable(get(staying.peers().peer("*").command(pause("s"))));
      assertEquals(
          Result.RESULT_OK, get(staying.peers().peer("a").command(pause("s"))).getResult());
      leaving.component().close();
      assertUnavailable(get(staying.peers().peer("a").subscription(register("s"))));
      assertUnavailable(get(staying.transport().streams().command(pause("s"))));
      assertInstanceOf(
          UnreachableException.class,
          failure(staying.peers().peer("a").list(ListStreamsRequest.getDefaultInstance())));
    }
  }

  @Test
  default void aThousandRequestsAtOnceGetEachItsOwnReply() throws Exception {
    try (TransportRig rig = rig()) {
      rig.node(new RecordedStreams("a"), null);
      StreamCommands streams = rig.node(null, null).transport().streams();
      List<CompletionStage<CommandReply>> replies = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        replies.add(streams.command(pause("s" + i)));
      }
      for (int i = 0; i < 1000; i++) {
        assertReply("a " + pause("s" + i), get(replies.get(i)));
      }
    }
  }

  @Test
  default void idsThatNoStreamHasAreRefused() throws Exception {
    try (TransportRig rig = rig()) {
      Transport transport = rig.node(null, null).transport();
      Received received = new Received();
      Watch watch = get(transport.watch("s", received));
      for (String id : List.of("*", ">", "a.b", "", "a b", "ä", "x".repeat(65))) {
        Throwable refused = failure(transport.watch(id, update -> {}));
        assertEquals(StreamIds.problem(id), refused.getMessage());
        assertInstanceOf(IllegalArgumentException.class, refused);
        transport.publish(update(id, 1));
      }
      transport.publish(update("s", 2));
      received.awaitLast(2);
      assertEquals(List.of(2L), received.seqs());
      watch.close();
    }
  }

  @Test
  default void isWellAndMayBeClosedTwice() {
    try (TransportRig rig = rig()) {
      Node node = rig.node(new RecordedStreams("a"), "a");
      assertTrue(node.component().check().healthy(), node.component().check()::toString);
      node.component().close();
      node.component().close();
    }
  }

  private static void assertReply(String message, CommandReply reply) {
    assertEquals(Result.RESULT_OK, reply.getResult());
    assertEquals(message, reply.getMessage());
  }

  private static void assertUnavailable(CommandReply reply) {
    assertEquals(Result.RESULT_UNAVAILABLE, reply.getResult(), reply::toString);
    assertTrue(!reply.getMessage().isEmpty(), "says nothing");
  }

  /** Answers a register with updates around its reply. */
  final class Publisher implements StreamCommands {
    private volatile Transport transport = new InMemoryTransport();

    @Override
    public CompletionStage<CommandReply> command(OrchestratorCommand command) {
      throw new AssertionError(command);
    }

    @Override
    public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
      String streamId = command.getRegister().getStreamId();
      LongStream.rangeClosed(1, 3).forEach(seq -> transport.publish(update(streamId, seq)));
      return CompletableFuture.completedStage(Replies.of(Result.RESULT_OK, ""));
    }

    @Override
    public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
      throw new AssertionError(request);
    }
  }
}
