package org.osprey.coordinator.it;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import io.grpc.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/** Submits sync actions. */
final class Caller {
  private final Channel channel;
  private Duration deadline = Duration.ofSeconds(10);

  Caller(Channel channel) {
    this.channel = channel;
  }

  Caller withDeadline(Duration limit) {
    deadline = limit;
    return this;
  }

  /** A request that is good in every field. */
  static ProcessActionRequest.Builder request(long id) {
    return ProcessActionRequest.newBuilder()
        .setActionId(UInt64Value.of(id))
        .setActionName("user_login")
        .setActionDataJson("{\"user_id\":\"user_123\"}")
        .setTimestamp(Timestamp.newBuilder().setSeconds(1_732_530_600));
  }

  ProcessActionResponse call(ProcessActionRequest request) {
    return OspreyCoordinatorSyncActionServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .processAction(request);
  }

  ListenableFuture<ProcessActionResponse> begin(ProcessActionRequest request) {
    return OspreyCoordinatorSyncActionServiceGrpc.newFutureStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .processAction(request);
  }

  ListenableFuture<ProcessActionResponse> beginWithoutDeadline(ProcessActionRequest request) {
    return OspreyCoordinatorSyncActionServiceGrpc.newFutureStub(channel).processAction(request);
  }
}
