package org.osprey.coordinator.testdata;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.ServerPorts;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

class SyncActionsTest {
  private final Service service = new Service();
  private final int port = freePort();
  private Server server = listen();

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  @Test
  void callsForEverAndGoesOnAfterARestart() throws Exception {
    try (Program program = program()) {
      await().until(() -> service.requests.size() >= 5);
      server.shutdownNow().awaitTermination();
      int before = service.requests.size();
      server = listen();
      await().until(() -> service.requests.size() >= before + 5);
      program.stop();
      assertEquals(0, program.status());
      assertEquals("", program.errors());
    }
    ProcessActionRequest request = service.requests.getFirst();
    assertFalse(request.hasActionId());
    assertTrue(request.hasTimestamp());
    assertTrue(request.getActionDataJson().startsWith("{\"user_id\":"), request::toString);
  }

  @Test
  void refusalsAreCountedAndEndNothing() throws Exception {
    service.refusal = Status.RESOURCE_EXHAUSTED;
    Tally tally = new Tally();
    try (Destination port = new SyncPort("127.0.0.1:" + this.port).open(tally)) {
      SampleActions actions = SampleActions.random();
      port.send(actions.next());
      port.send(actions.next());
      service.refusal = Status.OK;
      port.send(actions.next());
    }
    assertEquals(2, tally.of("RESOURCE_EXHAUSTED"));
    assertEquals(1, tally.of(SyncActions.ANSWERED));
  }

  @Test
  void endsAtOnceThoughNobodyListens() throws Exception {
    server.shutdownNow().awaitTermination();
    Tally tally = new Tally();
    try (Destination nobody = new SyncPort("127.0.0.1:" + port).open(tally)) {
      Thread sender = Thread.ofPlatform().start(() -> nobody.send(SampleActions.random().next()));
      await().until(() -> sender.getState() != Thread.State.NEW);
      nobody.interrupt();
      sender.join();
    }
    assertEquals(1, tally.of("interrupted"));
  }

  private Program program() {
    return Program.start(
        "calls", Map.of("TEST_DATA_TARGET", "127.0.0.1:" + port, "TEST_DATA_RATE", "100"));
  }

  private static int freePort() {
    try (ServerSocket socket = ServerPorts.reserve()) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Server listen() {
    try {
      return NettyServerBuilder.forAddress(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
          .addService(service)
          .build()
          .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keeps what it is sent, and answers it without verdicts. */
  private static final class Service
      extends OspreyCoordinatorSyncActionServiceGrpc.OspreyCoordinatorSyncActionServiceImplBase {
    private final List<ProcessActionRequest> requests = new CopyOnWriteArrayList<>();
    private volatile Status refusal = Status.OK;

    @Override
    public void processAction(
        ProcessActionRequest request, StreamObserver<ProcessActionResponse> answer) {
      requests.add(request);
      if (refusal.isOk()) {
        answer.onNext(ProcessActionResponse.getDefaultInstance());
        answer.onCompleted();
      } else {
        answer.onError(refusal.asRuntimeException());
      }
    }
  }
}
