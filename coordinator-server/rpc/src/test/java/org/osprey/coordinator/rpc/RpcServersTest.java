package org.osprey.coordinator.rpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.externalscaler.ExternalScalerGrpc;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;

@Timeout(120)
class RpcServersTest {
  private static final String WORKERS = OspreyCoordinatorServiceGrpc.SERVICE_NAME;
  private static final String SYNC = OspreyCoordinatorSyncActionServiceGrpc.SERVICE_NAME;
  private static final String SCALER = ExternalScalerGrpc.SERVICE_NAME;
  private static final String ALL = "osprey.v1.HealthCheckAll";

  private final List<RpcServers> opened = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    opened.forEach(RpcServers::close);
  }

  @Test
  void bothPortsServeUntilTheyDrain() throws IOException {
    RpcServers servers = started();
    ManagedChannel workers = channel(servers.workerPort());
    ManagedChannel sync = channel(servers.syncPort());
    assertHealth(ServingStatus.SERVING, workers, WORKERS, ALL, "");
    assertHealth(ServingStatus.SERVING, sync, SYNC, ALL, "");

    servers.drain();

    assertHealth(ServingStatus.NOT_SERVING, workers, WORKERS, ALL);
    assertHealth(ServingStatus.NOT_SERVING, sync, SYNC, ALL);
    assertHealth(ServingStatus.SERVING, workers, "");
    assertHealth(ServingStatus.SERVING, sync, "");
  }

  @Test
  void aPortKnowsNothingOfTheOthersService() throws IOException {
    RpcServers servers = started();
    assertUnknown(channel(servers.workerPort()), SYNC);
    assertUnknown(channel(servers.syncPort()), WORKERS);
  }

  @Test
  void bothPortsListTheirServices() throws Exception {
    RpcServers servers = started();
    String health = HealthGrpc.SERVICE_NAME;
    String v1 = io.grpc.reflection.v1.ServerReflectionGrpc.SERVICE_NAME;
    String v1alpha = io.grpc.reflection.v1alpha.ServerReflectionGrpc.SERVICE_NAME;
    List<String> atWorkers = sorted(health, v1, v1alpha, WORKERS);
    List<String> atSync = sorted(health, v1, v1alpha, SYNC, SCALER);
    assertEquals(atWorkers, Reflection.services(channel(servers.workerPort())));
    assertEquals(atWorkers, Reflection.servicesByAlpha(channel(servers.workerPort())));
    assertEquals(atSync, Reflection.services(channel(servers.syncPort())));
    assertEquals(atSync, Reflection.servicesByAlpha(channel(servers.syncPort())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"worker", "sync"})
  void aTakenPortIsNamedAndEverythingClosesAgain(String which) throws IOException {
    int own;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      boolean worker = which.equals("worker");
      RpcServers servers = servers("127.0.0.1", worker ? port : 0, worker ? 0 : port);
      IOException failure = assertThrows(IOException.class, servers::start);
      assertEquals(
          "cannot open the %s port 127.0.0.1:%d: Address already in use".formatted(which, port),
          failure.getMessage());
      assertFalse(servers.check().healthy());
      own = worker ? 0 : servers.workerPort();
      servers.close();
    }
    assertDoesNotThrow(() -> new ServerSocket(own).close());
    awaitNoEventLoops();
  }

  @Test
  void anAddressThatIsNoneIsNamed() {
    RpcServers servers = servers("no-such-host.invalid", 0, 0);
    String message = String.valueOf(assertThrows(IOException.class, servers::start).getMessage());
    assertTrue(message.startsWith("cannot open the worker port no-such-host.invalid:0: "), message);
    assertFalse(message.endsWith("null"), message);
  }

  @Test
  void closingEndsPortsAndThreads() throws IOException {
    RpcServers servers = started();
    int workerPort = servers.workerPort();
    int syncPort = servers.syncPort();
    assertEquals(
        "worker port %d, sync port %d".formatted(workerPort, syncPort), servers.check().detail());
    assertTrue(servers.check().healthy());

    servers.close();
    servers.close();

    assertFalse(servers.check().healthy());
    assertThrows(IllegalStateException.class, servers::workerPort);
    assertDoesNotThrow(() -> new ServerSocket(workerPort).close());
    assertDoesNotThrow(() -> new ServerSocket(syncPort).close());
    awaitNoEventLoops();
  }

  @Test
  void whatNeverStartedDrainsAndCloses() {
    RpcServers servers = servers("127.0.0.1", 0, 0);
    assertFalse(servers.check().healthy());
    assertThrows(IllegalStateException.class, servers::syncPort);
    servers.drain();
    servers.close();
    assertFalse(servers.check().healthy());
  }

  @Test
  void drainingAfterClosingIsHarmless() throws IOException {
    RpcServers servers = started();
    servers.close();
    servers.drain();
    assertFalse(servers.check().healthy());
  }

  @Test
  void aSecondStartAfterClosingOpensThePortsAnew() throws IOException {
    RpcServers servers = started();
    servers.drain();
    servers.close();
    servers.start();
    assertTrue(servers.check().healthy());
    assertHealth(ServingStatus.SERVING, channel(servers.workerPort()), WORKERS);
  }

  private static void assertHealth(
      ServingStatus expected, ManagedChannel channel, String... services) {
    for (String service : services) {
      assertEquals(expected, health(channel, service), service);
    }
  }

  private static void assertUnknown(ManagedChannel channel, String service) {
    StatusRuntimeException failure =
        assertThrows(StatusRuntimeException.class, () -> health(channel, service));
    assertEquals(Status.Code.NOT_FOUND, failure.getStatus().getCode());
  }

  private static ServingStatus health(ManagedChannel channel, String service) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, SECONDS)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static void awaitNoEventLoops() {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(),
                    Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("event-loop"))
                        .toList()));
  }

  private static List<String> sorted(String... names) {
    return List.of(names).stream().sorted().toList();
  }

  private ManagedChannel channel(int port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .usePlaintext()
            .build();
    channels.add(channel);
    return channel;
  }

  private RpcServers started() throws IOException {
    RpcServers servers = servers("127.0.0.1", 0, 0);
    servers.start();
    return servers;
  }

  private RpcServers servers(String address, int workerPort, int syncPort) {
    RpcSettings settings =
        new RpcSettings(
            address,
            workerPort,
            syncPort,
            1,
            10,
            Duration.ofSeconds(5),
            false,
            RpcSettings.Limits.DEFAULTS);
    Ticker ticker = Ticker.system();
    Dispatcher dispatcher =
        new Dispatcher(
            DispatcherSettings.DEFAULTS,
            ticker,
            InstantSource.system(),
            new Random(1),
            new InMemoryDeadLetters(),
            null);
    RpcServers servers =
        new RpcServers(settings, RpcSecurity.none(ticker), dispatcher, new CountingIds(), ticker);
    opened.add(servers);
    return servers;
  }
}
