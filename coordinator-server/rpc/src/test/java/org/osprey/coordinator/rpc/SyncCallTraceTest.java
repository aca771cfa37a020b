package org.osprey.coordinator.rpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryTracer;
import org.osprey.coordinator.core.InMemoryTracer.Recorded;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Trace.Step;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc.OspreyCoordinatorSyncActionServiceBlockingStub;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;

class SyncCallTraceTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final ProcessActionRequest REQUEST =
      ProcessActionRequest.newBuilder()
          .setActionName("user_login")
          .setActionDataJson("{}")
          .setTimestamp(Timestamp.newBuilder().setSeconds(1))
          .build();

  private final Ticker ticker = Ticker.system();
  private final InMemoryTracer tracer = new InMemoryTracer();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          ticker,
          InstantSource.system(),
          new Random(1),
          new InMemoryDeadLetters(),
          null,
          tracer);
  private final RpcServers servers =
      new RpcServers(
          new RpcSettings(
              "127.0.0.1", 0, 0, 1, 10, Duration.ofSeconds(20), false, RpcSettings.Limits.DEFAULTS),
          RpcSecurity.none(ticker),
          dispatcher,
          new CountingIds(),
          ticker);

  @BeforeEach
  void start() throws IOException {
    servers.start();
  }

  @AfterEach
  void close() {
    servers.close();
  }

  @Test
  void aCallGoesOnWithTheTraceOfItsMetadata() throws Exception {
    acknowledgeAll();
    call(PARENT);
    call("");
    Recorded traced = tracer.traces().getFirst();
    assertEquals(PARENT, traced.parent());
    assertEquals(Lane.SYNC, traced.lane());
    assertEquals("grpc", traced.source());
    assertNull(tracer.traces().getLast().parent());
    await().until(() -> !traced.done().isEmpty());
    assertEquals("acked", assertInstanceOf(Step.Ended.class, traced.steps().getLast()).outcome());
  }

  @Test
  void aRefusedCallIsATraceToo() {
    dispatcher.drain();
    StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> call(PARENT));
    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
    Step last = tracer.traces().getFirst().steps().getLast();
    assertEquals("refused", assertInstanceOf(Step.Ended.class, last).outcome());
  }

  private void acknowledgeAll() {
    Target target =
        new Target() {
          @Override
          public void lease(Lease lease) {
            dispatcher.ack(lease.stream(), lease.ackId(), Outcome.Acked.EMPTY);
          }

          @Override
          public void end() {}
        };
    dispatcher.connect("worker", ActionNames.ALL, 1, target);
  }

  /**
   * @param parent empty for none
   */
  private void call(String parent) throws InterruptedException {
    Metadata headers = new Metadata();
    if (!parent.isEmpty()) {
      headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), parent);
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", servers.syncPort()).usePlaintext().build();
    try {
      OspreyCoordinatorSyncActionServiceBlockingStub stub =
          OspreyCoordinatorSyncActionServiceGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .withDeadlineAfter(20, TimeUnit.SECONDS);
      stub.processAction(REQUEST);
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }
}
