package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

class SyncCallTest {
  /** The method as somebody calls it who thinks that it takes several. */
  private static final MethodDescriptor<ProcessActionRequest, ProcessActionResponse> TWO_MESSAGES =
      OspreyCoordinatorSyncActionServiceGrpc.getProcessActionMethod().toBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .build();

  @Test
  void theVerdictsComeBack() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      tester.worker().ackingAll();
      ProcessActionResponse response = tester.caller().call(Caller.request(12345).build());
      assertEquals(12345, response.getVerdicts().getActionId());
      assertEquals("user_login", response.getVerdicts().getActionName());
      assertEquals(List.of("verdict_for_12345"), response.getVerdicts().getVerdictsList());
    }
  }

  @Test
  void theActionArrivesAsItWasSent() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      RawWorker worker = tester.worker();
      String payload = "{\"b\" : 1, \"a\":\"\u00e4\"}";
      ProcessActionRequest request = Caller.request(7).setActionDataJson(payload).build();
      ListenableFuture<ProcessActionResponse> unused = tester.caller().begin(request);
      OspreyCoordinatorAction action = worker.take();
      assertEquals(7, action.getActionId());
      assertEquals("user_login", action.getActionName());
      assertEquals(ByteString.copyFromUtf8(payload), action.getJsonActionData());
      assertEquals(request.getTimestamp(), action.getTimestamp());
      assertFalse(action.hasJsonSecretData());
      assertNotEquals(0, action.getAckId());
    }
  }

  @Test
  void anAckWithoutVerdictsAnswersWithoutVerdicts() throws Exception {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      RawWorker worker = tester.worker();
      ListenableFuture<ProcessActionResponse> answer =
          tester.caller().begin(Caller.request(1).build());
      worker.ack(worker.take().getAckId());
      assertFalse(answer.get(60, TimeUnit.SECONDS).hasVerdicts());
    }
  }

  @Test
  void aCallWithTwoMessagesIsRefusedAndNeitherIsHandled() throws Exception {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      tester.worker().ackingAll();
      ManagedChannel channel = tester.syncChannel();
      CompletableFuture<Status> ended = new CompletableFuture<>();
      StreamObserver<ProcessActionRequest> call =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(TWO_MESSAGES, CallOptions.DEFAULT),
              new StreamObserver<ProcessActionResponse>() {
                @Override
                public void onNext(ProcessActionResponse response) {}

                @Override
                public void onError(Throwable failure) {
                  ended.complete(Status.fromThrowable(failure));
                }

                @Override
                public void onCompleted() {
                  ended.complete(Status.OK);
                }
              });
      call.onNext(Caller.request(1).build());
      call.onNext(Caller.request(2).build());
      call.onCompleted();
      assertEquals(Status.Code.CANCELLED, ended.get(60, TimeUnit.SECONDS).getCode());
      // Over the same connection, so whatever came before it has been looked at.
      new Caller(channel).call(Caller.request(3).build());
      assertEquals(1, tester.count(Count.SYNC_OFFERED));
    }
  }

  @Test
  void aMissingOrZeroIdIsGenerated() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      tester.worker().ackingAll();
      Caller caller = tester.caller();
      long missing =
          caller.call(Caller.request(0).clearActionId().build()).getVerdicts().getActionId();
      long zero = caller.call(Caller.request(0).build()).getVerdicts().getActionId();
      assertNotEquals(0, missing);
      assertNotEquals(0, zero);
      assertNotEquals(missing, zero);
    }
  }

  @Test
  void anIdWithItsTopBitSetIsKept() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      tester.worker().ackingAll();
      long id = Long.MIN_VALUE + 1;
      assertEquals(
          List.of("verdict_for_9223372036854775809"),
          tester.caller().call(Caller.request(id).build()).getVerdicts().getVerdictsList());
    }
  }

  @Test
  void aRepeatedCallGetsTheKnownAnswerWhereThatIsWanted() {
    try (CoordinatorTester tester = new CoordinatorTester.Setup().remembering(10).start()) {
      RawWorker worker = tester.worker().ackingAll();
      Caller caller = tester.caller();
      ProcessActionResponse first = caller.call(Caller.request(7).build());
      worker.kill();
      assertEquals(first, caller.call(Caller.request(7).build()));
    }
  }

  @Test
  void anUnknownFieldIsIgnored() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      tester.worker().ackingAll();
      UnknownFieldSet unknown =
          UnknownFieldSet.newBuilder()
              .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
              .build();
      ProcessActionRequest request = Caller.request(5).setUnknownFields(unknown).build();
      assertEquals(5, tester.caller().call(request).getVerdicts().getActionId());
    }
  }

  @Test
  void badFieldsAreNamed() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      Caller caller = tester.caller();
      assertRefused(
          caller,
          Caller.request(1).setActionName(""),
          "action_name has 0 characters, want 1 to 256");
      assertRefused(caller, Caller.request(1).clearTimestamp(), "timestamp is missing");
      assertRefused(
          caller,
          Caller.request(1).setTimestamp(Timestamp.newBuilder().setNanos(-1)),
          "timestamp.nanos is -1");
      assertEquals(0, tester.count(Count.SYNC_ACCEPTED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{", "{}x", "{\"a\":NaN}", "not json", "\"{}\""})
  void aPayloadThatIsNoJsonObjectIsRefused(String payload) {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      assertRefused(
          tester.caller(), Caller.request(1).setActionDataJson(payload), "action_data_json ");
    }
  }

  @Test
  void aPayloadOverTheLimitIsRefusedAndTheServerGoesOn() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      tester.worker().ackingAll();
      Caller caller = tester.caller();
      String large = "{\"a\":\"" + "x".repeat(5 << 20) + "\"}";
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> caller.call(Caller.request(1).setActionDataJson(large).build()));
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
      assertEquals(2, caller.call(Caller.request(2).build()).getVerdicts().getActionId());
    }
  }

  @Test
  void oldClientsGetTheOldCodeWhenTheSettingSaysSo() {
    try (CoordinatorTester tester = new CoordinatorTester.Setup().legacyStatusCodes().start()) {
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> tester.caller().call(Caller.request(1).setActionName("").build()));
      assertEquals(Status.Code.ABORTED, refused.getStatus().getCode());
    }
  }

  @Test
  void aNackIsTold() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      RawWorker worker = tester.worker();
      ListenableFuture<ProcessActionResponse> answer =
          tester.caller().begin(Caller.request(1).build());
      worker.nack(worker.take());
      assertFailed(answer, Status.Code.ABORTED, "action nacked");
    }
  }

  @Test
  void aFullQueueIsRefusedWithATimeToRetry() throws InvalidProtocolBufferException {
    try (CoordinatorTester tester = new CoordinatorTester.Setup().sync(1, 1 << 20).start()) {
      Caller caller = tester.caller();
      ListenableFuture<ProcessActionResponse> unused = caller.begin(Caller.request(1).build());
      await().until(() -> tester.count(Count.SYNC_ACCEPTED) == 1);
      StatusRuntimeException refused =
          assertThrows(StatusRuntimeException.class, () -> caller.call(Caller.request(2).build()));
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
      Any detail = Objects.requireNonNull(StatusProto.fromThrowable(refused)).getDetails(0);
      assertNotEquals(
          com.google.protobuf.Duration.getDefaultInstance(),
          detail.unpack(RetryInfo.class).getRetryDelay());
    }
  }

  @Test
  void anActionWhoseDeadlinePassesLeavesTheQueue() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      Caller caller = tester.caller().withDeadline(Duration.ofMillis(200));
      assertFailed(caller.begin(Caller.request(1).build()), Status.Code.DEADLINE_EXCEEDED, "");
      await().until(() -> tester.coordinator().dispatcher().stats().sync().accepted() == 0);
      RawWorker worker = tester.worker();
      await().until(() -> tester.count(Count.STREAMS_CONNECTED) == 1);
      assertEquals(0, worker.pending());
      assertEquals(0, tester.count(Count.LEASED));
    }
  }

  @Test
  void aCallWithoutADeadlineWaitsNoLongerThanTheSettingSays() {
    try (CoordinatorTester tester =
        new CoordinatorTester.Setup().maxWait(Duration.ofMillis(200)).start()) {
      assertFailed(
          tester.caller().beginWithoutDeadline(Caller.request(1).build()),
          Status.Code.DEADLINE_EXCEEDED,
          "no worker answered in time");
    }
  }

  @Test
  void aCancelledCallLeavesTheQueue() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      ListenableFuture<ProcessActionResponse> call =
          tester.caller().begin(Caller.request(1).build());
      await().until(() -> tester.count(Count.SYNC_ACCEPTED) == 1);
      call.cancel(true);
      await().until(() -> tester.count(Count.CALLERS_GONE) == 1);
      assertEquals(0, tester.coordinator().dispatcher().stats().sync().accepted());
    }
  }

  @Test
  void aSyncActionWhoseWorkerDiesGoesToAnotherWithinTheDeadline() throws Exception {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      RawWorker first = tester.worker();
      ListenableFuture<ProcessActionResponse> answer =
          tester.caller().begin(Caller.request(1).build());
      first.take();
      first.kill();
      tester.worker().ackingAll();
      assertEquals(1, answer.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
    }
  }

  private static void assertRefused(
      Caller caller, ProcessActionRequest.Builder request, String problem) {
    assertFailed(caller.begin(request.build()), Status.Code.INVALID_ARGUMENT, problem);
  }

  private static void assertFailed(
      ListenableFuture<ProcessActionResponse> call, Status.Code code, String description) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> call.get(60, TimeUnit.SECONDS));
    Status status = Status.fromThrowable(failure);
    assertEquals(code, status.getCode(), () -> "got " + status);
    assertTrue(
        String.valueOf(status.getDescription()).startsWith(description), () -> "got " + status);
  }
}
