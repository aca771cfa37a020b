package org.osprey.coordinator.app;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.Parts.Discovery;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations;
import org.osprey.coordinator.collectors.lifecycle.CollectorStartException;
import org.osprey.coordinator.collectors.lifecycle.Collectors;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Announcer.Endpoint;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetterOperations;
import org.osprey.coordinator.core.DeadLetterStore;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherStats;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Sources;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseSource;
import org.osprey.coordinator.http.ActionRoutes;
import org.osprey.coordinator.http.AutoscalingRoutes;
import org.osprey.coordinator.http.DashboardRoutes;
import org.osprey.coordinator.http.DeadLetterRoutes;
import org.osprey.coordinator.http.DocsRoutes;
import org.osprey.coordinator.http.HealthRoutes;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.HttpServer;
import org.osprey.coordinator.http.MetricsRoutes;
import org.osprey.coordinator.http.Operator;
import org.osprey.coordinator.http.Pictures;
import org.osprey.coordinator.http.SteeringRoutes;
import org.osprey.coordinator.http.WatchRoutes;
import org.osprey.coordinator.http.Watchers;
import org.osprey.coordinator.metrics.MetricsExport;
import org.osprey.coordinator.rpc.RpcServers;
import org.osprey.coordinator.rpc.WarmUp;
import org.osprey.coordinator.tasks.Tasks;
import org.osprey.coordinator.tasks.WorkerPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running whole. Starts from the inside out (components, clock, ports, warm-up, sources,
 * announcement) and stops the other way round; what it is given it starts, and closes.
 */
public final class Coordinator implements Supervised, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Coordinator.class);

  /** How often the dispatcher sees time pass. */
  private static final Duration TICK = Duration.ofMillis(20);

  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  /** How often watchers get a picture. */
  private static final Duration PICTURE = Duration.ofSeconds(1);

  private final Parts parts;
  private final Dispatcher dispatcher;
  private final RpcServers rpc;
  private final Watchers watchers;
  private final List<HttpRoutes> httpRoutes;
  private final HttpServer http;
  private final MetricsRoutes metrics;
  private final SupervisedLoop ticks;
  private final Sources sources;
  private final @Nullable DeadLetterOperations deadLetters;
  private volatile Operator.Phase phase = Operator.Phase.STARTING;
  private volatile boolean closed;
  private final CountDownLatch stopped = new CountDownLatch(1);

  public Coordinator(Parts parts) {
    this.parts = parts;
    Ticker ticker = Ticker.system();
    dispatcher =
        new Dispatcher(
            parts.dispatching(),
            ticker,
            InstantSource.system(),
            RandomGenerator.getDefault(),
            parts.deadLetters(),
            parts.sink(),
            parts.tracer());
    rpc = new RpcServers(parts.ports(), parts.guards().rpc(), dispatcher, parts.ids(), ticker);
    ticks = new SupervisedLoop("ticks", ticker, STUCK_AFTER, this::tick);
    sources = new Sources(parts.sources());
    deadLetters =
        parts.deadLetters() instanceof DeadLetterStore store
            ? new DeadLetterOperations(store, dispatcher, this::decode, ticker)
            : null;
    Operator operator = operator();
    watchers =
        new Watchers(
            new Pictures(operator, StartReport.version(), InstantSource.system()),
            PICTURE,
            parts.http().maxWatchers(),
            ticker);
    metrics = new MetricsRoutes(operator, watchedLoops(), measured());
    parts.all(MetricsExport.class).forEach(export -> export.of(metrics::scrape));
    httpRoutes = routes(operator);
    http = new HttpServer(parts.http(), httpRoutes, parts.guards().http());
  }

  /**
   * Opens both ports, warms up, and only then takes actions from sources and is announced.
   *
   * @return false when it was closed meanwhile
   * @throws IOException naming the port that could not be opened; everything is closed again then
   * @throws CollectorStartException naming the collector without which nothing shall start,
   *     likewise
   */
  public boolean start() throws IOException {
    open();
    if (parts.warmUp().isPositive()) {
      WarmUp.run(parts.warmUp(), () -> closed);
    }
    return serve();
  }

  private synchronized void open() throws IOException {
    if (closed) {
      return;
    }
    try {
      parts.components().forEach(Component::start);
      ticks.start();
      watchers.start();
      rpc.start();
      http.start();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private synchronized boolean serve() {
    if (closed) {
      return false;
    }
    sources.start(dispatcher);
    announce();
    phase = Operator.Phase.RUNNING;
    return true;
  }

  private void announce() {
    Discovery discovery = parts.discovery();
    if (discovery != null) {
      discovery
          .announcer()
          .announce(
              List.of(
                  new Endpoint(discovery.workers(), workerPort()),
                  new Endpoint(discovery.callers(), syncPort())));
    }
  }

  public int workerPort() {
    return rpc.workerPort();
  }

  public int syncPort() {
    return rpc.syncPort();
  }

  public int httpPort() {
    return http.port();
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  public Sources sources() {
    return sources;
  }

  /** What can be done with dead letters; null when they are kept nowhere. */
  public @Nullable DeadLetterOperations deadLetters() {
    return deadLetters;
  }

  /** What can be done with collectors; null when there are none. */
  public @Nullable CollectorOperations collectors() {
    return parts.all(CollectorOperations.class).stream().findFirst().orElse(null);
  }

  /** Returns when {@link #close} has done its work, whoever called it. */
  public void awaitClosed() throws InterruptedException {
    stopped.await();
  }

  /** Closes it as SIGTERM does; returns at once. */
  private void drain() {
    phase = Operator.Phase.DRAINING;
    Thread.ofPlatform().name("drain").start(this::close);
  }

  /** What the HTTP port serves. */
  List<HttpRoutes> httpRoutes() {
    return httpRoutes;
  }

  /** The health of every part. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(ticks.check());
    checks.add(rpc.check());
    checks.add(http.check());
    checks.add(watchers.check());
    sources.list().forEach(source -> checks.add(source.check()));
    parts.components().forEach(component -> checks.add(component.check()));
    parts.all(Collectors.class).forEach(collectors -> checks.addAll(collectors.checks()));
    if (parts.discovery() != null) {
      checks.add(parts.discovery().announcer().check());
    }
    return checks;
  }

  /** Every loop of every part. */
  @Override
  public List<SupervisedLoop> loops() {
    List<SupervisedLoop> loops = new ArrayList<>();
    loops.add(ticks);
    loops.addAll(rpc.loops());
    parts.all(Supervised.class).forEach(part -> loops.addAll(part.loops()));
    return loops;
  }

  /** Those of dashboards too, which count but must not make the coordinator unready. */
  public List<SupervisedLoop> watchedLoops() {
    List<SupervisedLoop> watched = new ArrayList<>(loops());
    watched.addAll(watchers.loops());
    return watched;
  }

  private List<Measured> measured() {
    List<Measured> measured = new ArrayList<>();
    measured.add(rpc);
    measured.addAll(parts.all(Measured.class));
    return measured;
  }

  /**
   * Takes nothing more, lets workers finish what they have, tells the sources, and stops. Bounded
   * by the drain time and by what the parts need to close; may be repeated.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    phase = Operator.Phase.DRAINING;
    Discovery discovery = parts.discovery();
    if (discovery != null) {
      discovery.announcer().markDraining();
    }
    rpc.drain();
    sources.drain();
    dispatcher.drain();
    boolean drained = awaitDrained();
    dispatcher.rejectCallers();
    sources.close();
    if (discovery != null) {
      discovery.announcer().withdraw();
    }
    rpc.close();
    watchers.close();
    httpRoutes.forEach(HttpRoutes::closing);
    http.close();
    ticks.close();
    parts.components().reversed().forEach(Component::close);
    metrics.close();
    DispatcherStats stats = dispatcher.stats();
    log.info(
        "stopped: drained={} given_back={}", drained, stats.async().accepted() + stats.leased());
    stopped.countDown();
  }

  private Operator operator() {
    return new Operator(
        dispatcher, sources, deadLetters, this::checks, () -> phase, consumerType(), this::drain);
  }

  private List<HttpRoutes> routes(Operator operator) {
    List<HttpRoutes> routes = new ArrayList<>(parts.routes());
    routes.addAll(
        List.of(
            new HealthRoutes(operator, () -> List.of(ticks.check()), loops(), eventHubMode()),
            metrics,
            new AutoscalingRoutes(dispatcher),
            new ActionRoutes(
                operator,
                parts.submissions(),
                parts.ids(),
                parts.http(),
                Ticker.system(),
                InstantSource.system()),
            new SteeringRoutes(operator, InstantSource.system()),
            new DeadLetterRoutes(operator),
            new WatchRoutes(watchers),
            new DashboardRoutes(
                parts.routes().stream().flatMap(feature -> feature.views().stream()).toList()),
            new DocsRoutes()));
    return routes;
  }

  /** The database and tasks are no sources that anybody configured. */
  private String consumerType() {
    List<String> configured =
        parts.sources().keySet().stream()
            .filter(name -> !name.equals(DatabaseSource.NAME) && !name.equals(WorkerPool.NAME))
            .toList();
    return configured.isEmpty() ? "none" : String.join(",", configured);
  }

  private @Nullable String eventHubMode() {
    return parts.all(Tasks.class).stream().map(Tasks::eventHubMode).findFirst().orElse(null);
  }

  private @Nullable Action decode(DeadLetter.Undecoded message) {
    try {
      return parts.decoder().decode(message.data(), message.attributes()::get, message.timestamp());
    } catch (UndecodableException e) {
      return null;
    }
  }

  private boolean awaitDrained() {
    try {
      return dispatcher.awaitDrained(parts.drainTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void tick() throws InterruptedException {
    dispatcher.tick();
    Thread.sleep(TICK);
  }
}
