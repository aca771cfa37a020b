package org.osprey.coordinator.testdata;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc.OspreyCoordinatorSyncActionServiceBlockingStub;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;

/** Calls a coordinator with one action at a time, and waits for each answer. */
final class SyncActions implements Destination {
  static final String ANSWERED = "answered";

  /** A coordinator that is being restarted is back by then. */
  private static final int DEADLINE_SECONDS = 10;

  private static final int CLOSE_SECONDS = 5;

  private final Tally tally;
  private final ManagedChannel channel;
  private final OspreyCoordinatorSyncActionServiceBlockingStub stub;
  private volatile boolean interrupted;

  SyncActions(SyncPort port, Tally tally) {
    this.tally = tally;
    channel = NettyChannelBuilder.forTarget(port.target()).usePlaintext().build();
    stub = OspreyCoordinatorSyncActionServiceGrpc.newBlockingStub(channel).withWaitForReady();
  }

  /** Without an id: the coordinator generates one. */
  @Override
  public void send(SampleActions.SampleAction action) {
    ProcessActionRequest request =
        ProcessActionRequest.newBuilder()
            .setActionName(action.name())
            .setActionDataJson(action.data())
            .setTimestamp(timestamp(action.time()))
            .build();
    try {
      var unused =
          stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).processAction(request);
      tally.count(ANSWERED);
    } catch (StatusRuntimeException e) {
      tally.count(interrupted ? "interrupted" : e.getStatus().getCode().name());
      // The channel would wait up to two minutes before it looked again.
      channel.resetConnectBackoff();
    }
  }

  @Override
  public void interrupt() {
    interrupted = true;
    channel.shutdownNow();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
