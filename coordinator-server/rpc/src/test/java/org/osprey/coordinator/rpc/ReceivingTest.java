package org.osprey.coordinator.rpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.rpc.RpcSettings.Limits;

/**
 * Clients that begin messages of a mebibyte and end none, on ports with room for two and a half.
 */
@Timeout(120)
class ReceivingTest {
  private static final String RESOURCE_EXHAUSTED = "grpc-status 8";
  private static final int MESSAGE = 1 << 20;
  private static final int ROOM = 2 * MESSAGE + MESSAGE / 2;

  /** What a frame may have. */
  private static final int PART = 16_000;

  private final RpcServers servers = servers();
  private final List<RawHttp2> clients = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    servers.start();
  }

  @AfterEach
  void close() throws IOException {
    for (RawHttp2 client : clients) {
      client.close();
    }
    servers.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OspreyCoordinatorServiceGrpc.SERVICE_NAME + "/OspreyBidirectionalStream",
        OspreyCoordinatorSyncActionServiceGrpc.SERVICE_NAME + "/ProcessAction",
        "grpc.health.v1.Health/Check",
        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
      })
  void whoeverGoesBeyondTheRoomIsRefused(String method) throws IOException {
    boolean worker = method.startsWith(OspreyCoordinatorServiceGrpc.SERVICE_NAME);
    int port = worker ? servers.workerPort() : servers.syncPort();
    String label = worker ? "worker" : "sync";
    beginning(port, method);
    beginning(port, method);
    await().until(() -> figure("receiving_bytes", label) > 2 * (MESSAGE - 2 * PART));
    assertEquals(RESOURCE_EXHAUSTED, beginning(port, method).firstEnd());
    assertEquals(1, figure("receiving_refused", label));
    assertServes(port);

    for (RawHttp2 client : clients) {
      client.close();
    }
    await().until(() -> figure("receiving_bytes", label) == 0);
  }

  private RawHttp2 beginning(int port, String method) throws IOException {
    RawHttp2 client = RawHttp2.connect(port).answeringPings().begin();
    clients.add(client);
    client.call(1, "/" + method);
    client.frame(RawHttp2.DATA, RawHttp2.NONE, 1, RawHttp2.message(0, MESSAGE));
    // Less than the window that the stream has.
    for (int sent = 0; sent < MESSAGE - 2 * PART; sent += PART) {
      client.frame(RawHttp2.DATA, RawHttp2.NONE, 1, new byte[PART]);
    }
    return client.flush();
  }

  private static void assertServes(int port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      assertEquals(
          ServingStatus.SERVING,
          HealthGrpc.newBlockingStub(channel)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus());
    } finally {
      channel.shutdownNow();
    }
  }

  private double figure(String name, String port) {
    Map<String, Double> figures = new HashMap<>();
    servers.tell(
        new Figures() {
          @Override
          public void counter(String name, String help, long value, String... labels) {
            figures.put(name + List.of(labels), (double) value);
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {
            figures.put(name + List.of(labels), value);
          }

          @Override
          public void histogram(
              String name, String help, HistogramStats durations, String... labels) {}
        });
    return figures.getOrDefault(name + List.of("port", port), -1.0);
  }

  private static RpcServers servers() {
    Limits usual = Limits.DEFAULTS;
    Limits limits =
        new Limits(
            usual.maxConnections(),
            usual.maxMessage(),
            ROOM,
            usual.maxMetadata(),
            usual.maxStreamsPerConnection(),
            2 * MESSAGE,
            usual.keepAlive(),
            usual.keepAliveTimeout(),
            usual.permitKeepAlive(),
            usual.handshakeTimeout(),
            usual.maxResets(),
            usual.maxResetsPeriod(),
            usual.maxConnectionAge(),
            usual.maxConnectionIdle());
    Ticker ticker = Ticker.system();
    return new RpcServers(
        new RpcSettings("127.0.0.1", 0, 0, 1, 10, Duration.ofSeconds(5), false, limits),
        RpcSecurity.none(ticker),
        new Dispatcher(
            DispatcherSettings.DEFAULTS,
            ticker,
            InstantSource.system(),
            new Random(1),
            new InMemoryDeadLetters(),
            null),
        new CountingIds(),
        ticker);
  }
}
