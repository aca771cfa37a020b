package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/** Row R9 of the fault table, and what a well-behaved worker may count on. */
class WorkerStreamTest {
  private final CoordinatorTester tester =
      new CoordinatorTester.Setup().idleStream(Duration.ofSeconds(30)).start();

  @AfterEach
  void close() {
    tester.close();
  }

  @Test
  void anAnswerBeforeTheInitialEndsTheStream() {
    endsOnlyTheOffender(worker -> worker.ack(1), "ack_or_nack: a stream begins with initial");
  }

  @Test
  void anEmptyRequestEndsTheStream() {
    endsWith(
        worker -> worker.send(Request.getDefaultInstance()),
        Status.Code.INVALID_ARGUMENT,
        "malformed Request: request: nothing is set");
  }

  @Test
  void anAnswerThatIsNeitherAckNorNackEndsTheStreamAndTheActionGoesOn() throws Exception {
    RawWorker worker = tester.worker();
    ListenableFuture<ProcessActionResponse> answer =
        tester.caller().begin(Caller.request(1).build());
    long ackId = worker.take().getAckId();
    worker.send(
        Request.newBuilder()
            .setActionRequest(
                ActionRequest.newBuilder().setAckOrNack(AckOrNack.newBuilder().setAckId(ackId)))
            .build());
    assertEquals(Status.Code.INVALID_ARGUMENT, worker.ended().getCode());
    tester.worker().ackingAll();
    assertEquals(1, answer.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
  }

  @Test
  void aSecondInitialEndsTheStream() {
    endsOnlyTheOffender(worker -> worker.initial().initial(), "initial: this stream has had one");
  }

  @Test
  void wrongRepeatedAndZeroAckIdsAreIgnored() throws Exception {
    RawWorker worker = tester.worker();
    ListenableFuture<ProcessActionResponse> first =
        tester.caller().begin(Caller.request(1).build());
    OspreyCoordinatorAction action = worker.take();
    worker.ack(0);
    worker.ack(action.getAckId() + 1);
    worker.ack(action);
    assertEquals(1, first.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());

    ListenableFuture<ProcessActionResponse> second =
        tester.caller().begin(Caller.request(2).build());
    OspreyCoordinatorAction next = worker.take();
    worker.ack(action);
    await().until(() -> tester.count(Count.UNKNOWN_ACK_IDS) == 3);
    assertFalse(second.isDone());
    worker.ack(next);
    assertEquals(2, second.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
  }

  @Test
  void aDisconnectAnswersAndEndsTheStreamInGoodOrder() throws Exception {
    RawWorker worker = tester.worker();
    ListenableFuture<ProcessActionResponse> first =
        tester.caller().begin(Caller.request(1).build());
    OspreyCoordinatorAction action = worker.take();
    ListenableFuture<ProcessActionResponse> second =
        tester.caller().begin(Caller.request(2).build());
    await().until(() -> tester.coordinator().dispatcher().stats().sync().waiting() == 1);
    worker.disconnect(action);
    assertTrue(first.get(60, TimeUnit.SECONDS).hasVerdicts());
    assertEquals(Status.OK, worker.ended());
    assertEquals(0, worker.pending());
    tester.worker().ackingAll();
    assertEquals(2, second.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
  }

  @Test
  void aDisconnectWithoutAnAnswerGivesTheActionBackAtOnce() throws Exception {
    RawWorker worker = tester.worker();
    ListenableFuture<ProcessActionResponse> answer =
        tester.caller().begin(Caller.request(1).build());
    worker.take();
    worker.disconnect(null);
    assertEquals(Status.OK, worker.ended());
    tester.worker().ackingAll();
    assertEquals(1, answer.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
  }

  @Test
  void whatComesAfterADisconnectCountsForNothing() {
    RawWorker worker = tester.worker();
    worker.disconnect(null);
    assertEquals(Status.OK, worker.ended());
    worker.ack(1);
    worker.initial();
    healthyWorkerStillServed(7);
    assertEquals(0, worker.pending());
  }

  @Test
  void aHalfClosedStreamGivesItsActionBack() throws Exception {
    RawWorker worker = tester.worker();
    ListenableFuture<ProcessActionResponse> answer =
        tester.caller().begin(Caller.request(1).build());
    worker.take();
    worker.halfClose();
    assertEquals(Status.OK, worker.ended());
    tester.worker().ackingAll();
    assertTrue(answer.get(60, TimeUnit.SECONDS).hasVerdicts());
  }

  @Test
  void anIdleStreamIsEndedInGoodOrder() {
    try (CoordinatorTester quick =
        new CoordinatorTester.Setup().idleStream(Duration.ofMillis(300)).start()) {
      assertEquals(Status.OK, quick.worker().ended());
      assertEquals(1, quick.count(Count.STREAMS_ENDED_IDLE));
    }
  }

  @Test
  void aWorkerMayAskForMoreCredit() {
    RawWorker worker =
        RawWorker.connect(tester.workerChannel(), "coordinator-max-outstanding", "3");
    for (int id = 1; id <= 4; id++) {
      ListenableFuture<ProcessActionResponse> unused =
          tester.caller().begin(Caller.request(id).build());
    }
    List<OspreyCoordinatorAction> actions = List.of(worker.take(), worker.take(), worker.take());
    await().until(() -> tester.count(Count.SYNC_ACCEPTED) == 4);
    assertEquals(0, worker.pending());
    // The last answer comes with the farewell, the others still count after it.
    worker.disconnect(actions.get(2));
    worker.ack(actions.get(0));
    worker.ack(actions.get(1));
    assertEquals(Status.OK, worker.ended());
    assertEquals(3, tester.count(Count.SYNC_ACKED));
  }

  @Test
  void aWorkerMayRestrictItself() throws Exception {
    RawWorker guilds = RawWorker.connect(tester.workerChannel(), "coordinator-actions", "guild_*");
    ListenableFuture<ProcessActionResponse> unused =
        tester.caller().begin(Caller.request(1).build());
    ListenableFuture<ProcessActionResponse> guild =
        tester.caller().begin(Caller.request(2).setActionName("guild_created").build());
    guilds.ackingAll();
    assertEquals(2, guild.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
    assertEquals(1, tester.count(Count.LEASED));
  }

  @Test
  void badMetadataIsNamed() {
    for (String credits : List.of("0", "1001", "-1", "many", "")) {
      Status status =
          RawWorker.connect(tester.workerChannel(), "coordinator-max-outstanding", credits).ended();
      assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
      assertTrue(
          String.valueOf(status.getDescription()).startsWith("coordinator-max-outstanding: "));
    }
    Status noGlob = RawWorker.connect(tester.workerChannel(), "coordinator-actions", " , ").ended();
    assertTrue(String.valueOf(noGlob.getDescription()).startsWith("coordinator-actions: "));
  }

  private void endsOnlyTheOffender(Consumer<RawWorker> offence, String problem) {
    endsWith(offence, Status.Code.FAILED_PRECONDITION, problem);
  }

  private void endsWith(Consumer<RawWorker> offence, Status.Code code, String problem) {
    RawWorker offender = RawWorker.silent(tester.workerChannel());
    offence.accept(offender);
    assertEquals(code, offender.ended().getCode());
    assertEquals(problem, offender.ended().getDescription());
    healthyWorkerStillServed(99);
  }

  private void healthyWorkerStillServed(long id) {
    tester.worker().ackingAll();
    assertEquals(id, tester.caller().call(Caller.request(id).build()).getVerdicts().getActionId());
  }
}
