package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;
import org.osprey.coordinator.rpc.RpcSettings;

/**
 * A gRPC client resets every stream that the server ends before the client has closed its half, as
 * the server does with streams that rotate or idle. That must not pass for an attack.
 */
class StreamResetsTest {
  private static final int STREAMS = RpcSettings.Limits.DEFAULTS.maxStreamsPerConnection();

  @Test
  void aConnectionWhoseStreamsComeAndGoIsNotCut() throws Exception {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      ManagedChannel connection = tester.workerChannel();
      RawWorker busy = RawWorker.connect(connection);
      ListenableFuture<ProcessActionResponse> answer =
          tester.caller().begin(Caller.request(1).build());
      OspreyCoordinatorAction inHand = busy.take();
      for (int i = 0; i < STREAMS; i++) {
        assertEquals(Status.Code.OK, comeAndGo(connection).getCode());
      }
      busy.ack(inHand);
      assertEquals(1, answer.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
    }
  }

  @Test
  void aConnectionThatResetsFarMoreIsCut() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      ManagedChannel connection = tester.workerChannel();
      RawWorker bystander = RawWorker.connect(connection);
      for (int i = 0; i < 10 * STREAMS && !bystander.hasEnded(); i++) {
        Status unused = comeAndGo(connection);
      }
      assertTrue(bystander.hasEnded());
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, bystander.ended().getCode());
    }
  }

  private static Status comeAndGo(ManagedChannel connection) {
    RawWorker worker = RawWorker.connect(connection);
    worker.disconnect(null);
    return worker.ended();
  }
}
