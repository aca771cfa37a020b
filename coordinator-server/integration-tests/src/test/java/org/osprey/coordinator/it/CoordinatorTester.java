package org.osprey.coordinator.it;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.Guards;
import org.osprey.coordinator.app.Parts;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySubmissions;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.HttpSettings;
import org.osprey.coordinator.rpc.RpcSettings;

/**
 * Starts a real coordinator on free ports and hands out clients for it; closes everything it gave
 * away.
 */
final class CoordinatorTester implements AutoCloseable {
  private final Coordinator coordinator;
  private final InMemoryDeadLetters deadLetters;
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  /** What a test wants otherwise than usual. */
  static final class Setup {
    private DispatcherSettings.Bounds sync = DispatcherSettings.DEFAULTS.sync();
    private DispatcherSettings.Bounds async = DispatcherSettings.DEFAULTS.async();
    private Duration agedAfter = DispatcherSettings.DEFAULTS.agedAfter();
    private Duration lease = Duration.ofSeconds(60);
    private Duration idleStream = Duration.ofSeconds(30);
    private Duration maxWait = Duration.ofSeconds(60);
    private Duration drain = Duration.ofSeconds(5);
    private DispatcherSettings.Recent recent = DispatcherSettings.Recent.OFF;
    private boolean legacyStatusCodes;
    private RpcSettings.Limits limits = RpcSettings.Limits.DEFAULTS;
    private IdGenerator ids = new CountingIds();
    private int httpPort;
    private int maxWatchers = 300;
    private @Nullable ResultSink sink;
    private @Nullable DeadLetters deadLetters;
    private @Nullable Tracer tracer;
    private Guards guards = Guards.none(Ticker.system());
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final List<Component> components = new ArrayList<>();
    private final List<HttpRoutes> routes = new ArrayList<>();

    Setup sync(int actions, long bytes) {
      sync = new DispatcherSettings.Bounds(actions, bytes);
      return this;
    }

    Setup async(int actions, long bytes) {
      async = new DispatcherSettings.Bounds(actions, bytes);
      return this;
    }

    Setup agedAfter(Duration wait) {
      agedAfter = wait;
      return this;
    }

    Setup lease(Duration time) {
      lease = time;
      return this;
    }

    Setup idleStream(Duration limit) {
      idleStream = limit;
      return this;
    }

    Setup maxWait(Duration limit) {
      maxWait = limit;
      return this;
    }

    Setup drain(Duration limit) {
      drain = limit;
      return this;
    }

    Setup remembering(int actions) {
      recent = new DispatcherSettings.Recent(actions, 1 << 20, Duration.ofMinutes(1));
      return this;
    }

    Setup legacyStatusCodes() {
      legacyStatusCodes = true;
      return this;
    }

    /** Of each gRPC connection. */
    Setup limits(RpcSettings.Limits wanted) {
      limits = wanted;
      return this;
    }

    Setup ids(IdGenerator generator) {
      ids = generator;
      return this;
    }

    /** Instead of any free one. */
    Setup httpPort(int port) {
      httpPort = port;
      return this;
    }

    Setup maxWatchers(int most) {
      maxWatchers = most;
      return this;
    }

    Setup sink(ResultSink results) {
      sink = results;
      return this;
    }

    Setup deadLetters(DeadLetters letters) {
      deadLetters = letters;
      return this;
    }

    Setup tracer(Tracer wanted) {
      tracer = wanted;
      return this;
    }

    /** Who may use the ports; for everybody without. */
    Setup guards(Guards wanted) {
      guards = wanted;
      return this;
    }

    Setup source(Source source) {
      sources.put("source-" + (sources.size() + 1), source);
      return this;
    }

    Setup component(Component component) {
      components.add(component);
      return this;
    }

    /** Of a feature. */
    Setup routes(HttpRoutes group) {
      routes.add(group);
      return this;
    }

    CoordinatorTester start() {
      return new CoordinatorTester(this);
    }

    private DispatcherSettings dispatching() {
      DispatcherSettings usual = DispatcherSettings.DEFAULTS;
      return new DispatcherSettings(
          sync,
          async,
          new DispatcherSettings.Leases(lease, Map.of()),
          usual.retries(),
          agedAfter,
          usual.agedShare(),
          idleStream,
          recent);
    }

    private HttpSettings http() {
      return new HttpSettings(
          httpPort, "127.0.0.1", 4 << 20, 1_000, Duration.ofMinutes(1), maxWatchers, maxWait);
    }

    private RpcSettings ports() {
      return new RpcSettings("127.0.0.1", 0, 0, 1, 1_000, maxWait, legacyStatusCodes, limits);
    }
  }

  static CoordinatorTester start() {
    return new Setup().start();
  }

  private CoordinatorTester(Setup setup) {
    deadLetters = new InMemoryDeadLetters();
    coordinator =
        new Coordinator(
            new Parts(
                setup.dispatching(),
                setup.ports(),
                setup.http(),
                setup.guards,
                setup.ids,
                new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN),
                setup.deadLetters == null ? deadLetters : setup.deadLetters,
                setup.sink,
                new InMemorySubmissions(new InMemoryOrigin(), 1_000),
                setup.sources,
                setup.components,
                null,
                Duration.ZERO,
                setup.drain,
                setup.tracer,
                setup.routes,
                List.of()));
    try {
      coordinator.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Coordinator coordinator() {
    return coordinator;
  }

  InMemoryDeadLetters deadLetters() {
    return deadLetters;
  }

  /** A request to the HTTP port. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + coordinator.httpPort() + path));
  }

  int workerPort() {
    return coordinator.workerPort();
  }

  int syncPort() {
    return coordinator.syncPort();
  }

  long count(Count count) {
    return coordinator.dispatcher().stats().count(count);
  }

  /** A connection of its own to the worker port. */
  ManagedChannel workerChannel() {
    return channel(coordinator.workerPort());
  }

  /** A connection of its own to the sync port. */
  ManagedChannel syncChannel() {
    return channel(coordinator.syncPort());
  }

  /** A connection of its own, closed with the tester. */
  ManagedChannel channel(int port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .maxInboundMessageSize(8 << 20)
            .build();
    toClose.push(() -> channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
    return channel;
  }

  /**
   * A worker on a connection of its own that has introduced itself and answers nothing by itself.
   */
  RawWorker worker() {
    return RawWorker.connect(workerChannel());
  }

  /** A caller on a connection of its own. */
  Caller caller() {
    return new Caller(syncChannel());
  }

  @Override
  public void close() {
    coordinator.close();
    while (!toClose.isEmpty()) {
      try {
        toClose.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a client did not close", e);
      }
    }
  }
}
