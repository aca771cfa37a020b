package org.osprey.coordinator.rpc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.externalscaler.ExternalScalerGrpc;
import org.osprey.coordinator.security.ServerTls;

/** Both ports, on one group of event loops: an action crosses no thread on its way through. */
public final class RpcServers implements Supervised, Measured, AutoCloseable {
  /** Stands for all services of a port in the health service. */
  private static final String ALL_SERVICES = "osprey.v1.HealthCheckAll";

  /** How often a worker's stream may be ended and opened anew within the period of resets. */
  private static final int ENDS_PER_STREAM = 4;

  /** How long a connection may take to send its last answers. */
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final RpcSettings settings;
  private final RpcSecurity security;
  private final WorkerService workerService;
  private final ServerServiceDefinition workers;
  private final SyncService syncService;
  private final ServerServiceDefinition sync;
  private final Disconnects disconnects = new Disconnects();
  private final Connections workerConnections;
  private final Connections syncConnections;
  private final Receiving workerReceiving;
  private final Receiving syncReceiving;
  private final Ticker ticker;
  private final ActivityWatch activity;
  private final ScalerService scaler;
  private final HealthStatusManager workerHealth = new HealthStatusManager();
  private final HealthStatusManager syncHealth = new HealthStatusManager();
  private @Nullable EventLoopGroup eventLoops;
  private volatile @Nullable Server workerServer;
  private volatile @Nullable Server syncServer;

  public RpcServers(
      RpcSettings settings,
      RpcSecurity security,
      Dispatcher dispatcher,
      IdGenerator ids,
      Ticker ticker) {
    this.settings = settings;
    this.security = security;
    this.ticker = ticker;
    workerConnections = new Connections("worker", settings.limits().maxConnections());
    syncConnections = new Connections("sync", settings.limits().maxConnections());
    workerReceiving = new Receiving("worker", settings.limits().maxReceiving());
    syncReceiving = new Receiving("sync", settings.limits().maxReceiving());
    workerService =
        new WorkerService(dispatcher, settings.maxCredits(), disconnects, security.access());
    workers = workerService.definition();
    syncService = new SyncService(dispatcher, ids, ticker, settings, security.access());
    sync = syncService.definition();
    activity = new ActivityWatch(() -> ScalerService.isActive(dispatcher), ticker);
    scaler = new ScalerService(dispatcher, activity);
  }

  /**
   * Opens both ports.
   *
   * @throws IOException naming the port that could not be opened
   */
  public void start() throws IOException {
    eventLoops =
        new MultiThreadIoEventLoopGroup(
            settings.eventLoops(),
            new DefaultThreadFactory("event-loop", true),
            NioIoHandler.newFactory());
    setServing(true);
    NettyServerBuilder forWorkers =
        builder(settings.workerPort(), security.workerTls(), workerConnections, workerResets())
            .addStreamTracerFactory(new StreamEnds());
    workerServer =
        open(
            "worker",
            settings.workerPort(),
            forWorkers,
            workerReceiving,
            workers,
            List.of(workerHealth.getHealthService()));
    NettyServerBuilder forCallers =
        builder(
                settings.syncPort(),
                security.syncTls(),
                syncConnections,
                settings.limits().maxResets())
            .maxConnectionAge(settings.limits().maxConnectionAge().toMillis(), MILLISECONDS)
            .maxConnectionAgeGrace(settings.maxWait().toMillis(), MILLISECONDS);
    syncServer =
        open(
            "sync",
            settings.syncPort(),
            forCallers,
            syncReceiving,
            sync,
            List.of(scaler, syncHealth.getHealthService()));
    activity.start();
  }

  /** The worker port that is open. */
  public int workerPort() {
    return port(workerServer);
  }

  /** The sync port that is open. */
  public int syncPort() {
    return port(syncServer);
  }

  /** Sends new workers, and those who ask the health service, elsewhere; the rest goes on. */
  public void drain() {
    setServing(false);
    workerService.drain();
    activity.drain();
  }

  public Check check() {
    Server atWorkers = workerServer;
    Server atSync = syncServer;
    if (atWorkers == null || atSync == null) {
      return Check.failed("rpc", "not open");
    }
    return Check.ok(
        "rpc", "worker port %d, sync port %d".formatted(atWorkers.getPort(), atSync.getPort()));
  }

  @Override
  public List<SupervisedLoop> loops() {
    return activity.loops();
  }

  @Override
  public void tell(Figures figures) {
    disconnects.tell(figures);
    workerConnections.tell(figures);
    syncConnections.tell(figures);
    workerReceiving.tell(figures);
    syncReceiving.tell(figures);
    syncService.tell(figures);
  }

  /** Lets what has been answered go out, then cuts whatever is still connected. May be repeated. */
  @Override
  public void close() {
    activity.close();
    List<Server> servers = Stream.of(syncServer, workerServer).filter(Objects::nonNull).toList();
    // Forgotten first: a server that has ended has no port to tell.
    syncServer = null;
    workerServer = null;
    servers.forEach(Server::shutdown);
    servers.forEach(server -> awaitEnd(server, FAREWELL));
    servers.forEach(Server::shutdownNow);
    servers.forEach(server -> awaitEnd(server, CLOSE_TIMEOUT));
    if (eventLoops != null) {
      eventLoops
          .shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), MILLISECONDS)
          .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
    }
  }

  private static void awaitEnd(Server server, Duration atMost) {
    try {
      server.awaitTermination(atMost.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Server open(
      String name,
      int port,
      NettyServerBuilder builder,
      Receiving receiving,
      ServerServiceDefinition service,
      List<BindableService> others)
      throws IOException {
    builder.addStreamTracerFactory(receiving).addService(service);
    Stream.concat(others.stream(), reflection().stream())
        .forEach(other -> builder.addService(ServerInterceptors.intercept(other, receiving)));
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new IOException(
          "cannot open the %s port %s:%d: %s"
              .formatted(name, settings.bindAddress(), port, RootMessage.of(e)),
          e);
    }
  }

  /**
   * A client resets each stream that the server ends before the client has closed its half, and
   * streams that idle or rotate are ended like this all the time.
   */
  private int workerResets() {
    RpcSettings.Limits limits = settings.limits();
    return limits.maxResets() + ENDS_PER_STREAM * limits.maxStreamsPerConnection();
  }

  private NettyServerBuilder builder(
      int port, @Nullable ServerTls tls, Connections connections, int maxResets) {
    RpcSettings.Limits limits = settings.limits();
    EventLoopGroup group = eventLoops;
    if (group == null) {
      throw new IllegalStateException("no event loops");
    }
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.bindAddress(), port));
    if (tls != null) {
      builder.sslContext(PortTls.context(tls));
    }
    if (!security.access().isOpen()) {
      builder.intercept(new Gate(security.access()));
    }
    return builder
        .channelFactory(
            () -> new GuardedPort(connections, limits.maxStreamsPerConnection(), ticker))
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .directExecutor()
        .maxInboundMessageSize(limits.maxMessage())
        .maxInboundMetadataSize(limits.maxMetadata())
        .maxConcurrentCallsPerConnection(limits.maxStreamsPerConnection())
        .flowControlWindow(limits.flowControlWindow())
        .keepAliveTime(limits.keepAlive().toMillis(), MILLISECONDS)
        .keepAliveTimeout(limits.keepAliveTimeout().toMillis(), MILLISECONDS)
        .permitKeepAliveTime(limits.permitKeepAlive().toMillis(), MILLISECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxConnectionIdle(limits.maxConnectionIdle().toMillis(), MILLISECONDS)
        .handshakeTimeout(limits.handshakeTimeout().toMillis(), MILLISECONDS)
        .maxRstFramesPerWindow(maxResets, Math.toIntExact(limits.maxResetsPeriod().toSeconds()));
  }

  /** The second is for tools that have not heard of the first. */
  @SuppressWarnings("deprecation")
  private static List<BindableService> reflection() {
    return List.of(
        ProtoReflectionServiceV1.newInstance(),
        io.grpc.protobuf.services.ProtoReflectionService.newInstance());
  }

  private void setServing(boolean serving) {
    ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    workerHealth.setStatus(workers.getServiceDescriptor().getName(), status);
    workerHealth.setStatus(ALL_SERVICES, status);
    syncHealth.setStatus(sync.getServiceDescriptor().getName(), status);
    syncHealth.setStatus(ExternalScalerGrpc.SERVICE_NAME, status);
    syncHealth.setStatus(ALL_SERVICES, status);
  }

  private static int port(@Nullable Server server) {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.getPort();
  }
}
