package org.osprey.coordinator.ctl.load;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc.OspreyCoordinatorSyncActionServiceBlockingStub;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/** Calls the sync port. */
final class GrpcCall implements Call {
  private static final int CONNECT_SECONDS = 5;

  private final SyncPort port;
  private final ManagedChannel channel;
  private final OspreyCoordinatorSyncActionServiceBlockingStub stub;
  private final ProcessActionRequest template;
  private final Duration timeout;

  GrpcCall(SyncPort port, Sample sample, Duration timeout) {
    this.port = port;
    channel = port.open();
    stub = OspreyCoordinatorSyncActionServiceGrpc.newBlockingStub(channel);
    template =
        ProcessActionRequest.newBuilder()
            .setActionName(sample.name())
            .setActionDataJson(sample.data())
            .build();
    this.timeout = timeout;
  }

  @Override
  public void check() throws InterruptedException {
    CountDownLatch decided = new CountDownLatch(1);
    watch(channel.getState(true), decided);
    boolean inTime = decided.await(CONNECT_SECONDS, TimeUnit.SECONDS);
    if (!inTime || channel.getState(false) != ConnectivityState.READY) {
      throw new Failure(
          Exit.NO_CONNECTION,
          "cannot connect to %s (--target names another%s)"
              .formatted(port, port.tls() ? ", --ca-file an authority to trust" : ""));
    }
  }

  private void watch(ConnectivityState state, CountDownLatch decided) {
    if (state == ConnectivityState.READY || state == ConnectivityState.TRANSIENT_FAILURE) {
      decided.countDown();
    } else {
      channel.notifyWhenStateChanged(state, () -> watch(channel.getState(true), decided));
    }
  }

  @Override
  public String send() {
    try {
      ProcessActionResponse response =
          stub.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .processAction(template.toBuilder().setTimestamp(Sample.now()).build());
      return response == null ? Status.Code.UNKNOWN.name() : OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode().name();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
