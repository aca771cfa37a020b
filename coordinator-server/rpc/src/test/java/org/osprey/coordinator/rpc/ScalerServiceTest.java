package org.osprey.coordinator.rpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.WorkerStream;
import org.osprey.coordinator.proto.externalscaler.ExternalScalerGrpc;
import org.osprey.coordinator.proto.externalscaler.ExternalScalerGrpc.ExternalScalerBlockingStub;
import org.osprey.coordinator.proto.externalscaler.GetMetricsRequest;
import org.osprey.coordinator.proto.externalscaler.IsActiveResponse;
import org.osprey.coordinator.proto.externalscaler.MetricSpec;
import org.osprey.coordinator.proto.externalscaler.MetricValue;
import org.osprey.coordinator.proto.externalscaler.ScaledObjectRef;

/** Asks as KEDA does, over a real connection. */
@Timeout(120)
class ScalerServiceTest {
  private final ManualTicker ticker = new ManualTicker();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          ticker,
          InstantSource.system(),
          new Random(1),
          new InMemoryDeadLetters(),
          null);
  private final RpcServers servers =
      new RpcServers(
          new RpcSettings(
              "127.0.0.1", 0, 0, 1, 1, Duration.ofSeconds(5), false, RpcSettings.Limits.DEFAULTS),
          RpcSecurity.none(ticker),
          dispatcher,
          new CountingIds(),
          Ticker.system());
  private final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    servers.start();
  }

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    servers.close();
  }

  @Test
  void aQueueThatIsEmptyNeedsNoWorker() {
    assertFalse(stub().isActive(object(Map.of())).getResult());
    assertEquals(value("queued", 0), metric("queued"));
    assertEquals(value("oldest_seconds", 0), metric("oldest_seconds"));
  }

  @Test
  void whatWaitsAndWhatIsOutNeedsWorkers() {
    offer(1);
    offer(2);
    ticker.advance(Duration.ofMillis(2500));
    assertTrue(stub().isActive(object(Map.of())).getResult());
    assertEquals(value("queued", 2), metric("queued"));
    assertEquals(value("oldest_seconds", 2.5), metric("oldest_seconds"));
    assertEquals(3, metric("oldest_seconds").getMetricValue(), "rounded up for old versions");
    Worker worker = new Worker();
    worker.connect();
    assertEquals(value("queued", 1), metric("queued"));
    worker.ack();
    assertEquals(value("queued", 0), metric("queued"));
    assertTrue(stub().isActive(object(Map.of())).getResult());
    worker.ack();
    assertFalse(stub().isActive(object(Map.of())).getResult());
  }

  @Test
  void theTriggerSaysWhatOneWorkerShouldHave() {
    assertEquals(List.of(spec("queued", 100)), specs(Map.of()));
    assertEquals(
        List.of(spec("queued", 20), spec("oldest_seconds", 1.5)),
        specs(Map.of("targetQueued", "20", "targetOldestSeconds", "1.5", "scalerAddress", "x")));
  }

  @Test
  void aTargetThatIsNoneIsNamed() {
    for (String wrong : List.of("0", "-1", "many", "", "1e9", "0.0", "9".repeat(30))) {
      Status status = refusal(() -> specs(Map.of("targetQueued", wrong)));
      assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
      assertEquals(
          "scalerMetadata.targetQueued: want a number above 0, got '" + wrong + "'",
          status.getDescription());
    }
    Status status = refusal(() -> specs(Map.of("targetOldestSeconds", "soon")));
    assertEquals(
        "scalerMetadata.targetOldestSeconds: want a number above 0, got 'soon'",
        status.getDescription());
  }

  @Test
  void aMetricThatIsNoneIsNamed() {
    Status status = refusal(() -> metric("depth"));
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
    assertEquals("metricName: want queued or oldest_seconds, got 'depth'", status.getDescription());
  }

  @Test
  void whoWatchesHearsTheStateAndEachChange() {
    Watcher watcher = watch();
    awaitHeard(watcher, false);
    offer(1);
    awaitHeard(watcher, false, true);
    Watcher second = watch();
    awaitHeard(second, true);
    Worker worker = new Worker();
    worker.connect();
    worker.ack();
    awaitHeard(watcher, false, true, false);
    awaitHeard(second, true, false);
  }

  @Test
  void whoWatchesIsSentElsewhereWhenTheCoordinatorDrains() {
    Watcher watcher = watch();
    awaitHeard(watcher, false);
    servers.drain();
    await().until(() -> watcher.code() == Status.Code.UNAVAILABLE);
    Watcher late = watch();
    await().until(() -> late.code() == Status.Code.UNAVAILABLE);
  }

  @Test
  void soManyMayWatchAndNoMore() {
    List<Watcher> watchers = new ArrayList<>();
    for (int i = 0; i < ActivityWatch.MOST_WATCHERS; i++) {
      watchers.add(watch());
    }
    watchers.forEach(watcher -> awaitHeard(watcher, false));
    Watcher oneTooMany = watch();
    await().until(() -> oneTooMany.code() == Status.Code.RESOURCE_EXHAUSTED);
    channels.getFirst().shutdownNow();
    await()
        .untilAsserted(
            () -> {
              Watcher next = watch();
              await().until(() -> next.code() != null || !next.heard.isEmpty());
              assertEquals(List.of(false), next.heard);
            });
  }

  @Test
  void theLoopIsShown() {
    assertEquals(
        List.of("activity-watch"), servers.loops().stream().map(SupervisedLoop::name).toList());
  }

  private void offer(long id) {
    Action action =
        new Action(
            id, "user_login", Action.Encoding.JSON, new byte[] {'{', '}'}, null, Instant.EPOCH);
    dispatcher.offer(Delivery.async(action, "test", null, outcome -> {}));
  }

  private Watcher watch() {
    Watcher watcher = new Watcher();
    ExternalScalerGrpc.newStub(channel()).streamIsActive(object(Map.of()), watcher);
    return watcher;
  }

  private static void awaitHeard(Watcher watcher, Boolean... states) {
    await().untilAsserted(() -> assertEquals(List.of(states), watcher.heard));
  }

  private MetricValue metric(String name) {
    return stub()
        .getMetrics(
            GetMetricsRequest.newBuilder()
                .setScaledObjectRef(object(Map.of()))
                .setMetricName(name)
                .build())
        .getMetricValues(0);
  }

  private List<MetricSpec> specs(Map<String, String> metadata) {
    return stub().getMetricSpec(object(metadata)).getMetricSpecsList();
  }

  private static ScaledObjectRef object(Map<String, String> metadata) {
    return ScaledObjectRef.newBuilder()
        .setName("workers")
        .setNamespace("osprey")
        .putAllScalerMetadata(metadata)
        .build();
  }

  private static MetricValue value(String name, double value) {
    return MetricValue.newBuilder()
        .setMetricName(name)
        .setMetricValue((long) Math.ceil(value))
        .setMetricValueFloat(value)
        .build();
  }

  private static MetricSpec spec(String name, double target) {
    return MetricSpec.newBuilder()
        .setMetricName(name)
        .setTargetSize((long) Math.ceil(target))
        .setTargetSizeFloat(target)
        .build();
  }

  private static Status refusal(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run).getStatus();
  }

  private ExternalScalerBlockingStub stub() {
    return ExternalScalerGrpc.newBlockingStub(channel());
  }

  /** One for all. */
  private ManagedChannel channel() {
    if (channels.isEmpty() || channels.getLast().isShutdown()) {
      channels.add(
          NettyChannelBuilder.forAddress("127.0.0.1", servers.syncPort()).usePlaintext().build());
    }
    return channels.getLast();
  }

  private static final class Watcher implements StreamObserver<IsActiveResponse> {
    private final List<Boolean> heard = new CopyOnWriteArrayList<>();
    private volatile @Nullable Status end;

    Status.@Nullable Code code() {
      Status known = end;
      return known == null ? null : known.getCode();
    }

    @Override
    public void onNext(IsActiveResponse response) {
      heard.add(response.getResult());
    }

    @Override
    public void onError(Throwable failure) {
      end = Status.fromThrowable(failure);
    }

    @Override
    public void onCompleted() {
      end = Status.OK;
    }
  }

  private final class Worker implements Target {
    private final List<Lease> leases = new ArrayList<>();
    private @Nullable WorkerStream stream;

    void connect() {
      stream = dispatcher.connect("worker", ActionNames.ALL, 1, this);
    }

    void ack() {
      if (stream == null) {
        throw new AssertionError("not connected");
      }
      dispatcher.ack(stream, leases.getLast().ackId(), Outcome.Acked.EMPTY);
    }

    @Override
    public void lease(Lease lease) {
      leases.add(lease);
    }

    @Override
    public void end() {}
  }
}
