package org.osprey.coordinator.collectors.lifecycle;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.config.CollectorsConfig;
import org.osprey.coordinator.collectors.config.OnStartError;
import org.osprey.coordinator.collectors.flow.Flows;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.flow.Positions;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.collectors.lifecycle.Supervisor.Wanted;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.settings.Names;

/**
 * All collectors of a configuration. One loop supervises them; nothing that a collector does, or
 * leaves undone, holds that loop up.
 */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // what it holds is safe for use by many
public final class Collectors implements CollectorOperations, Component, Supervised {
  private static final String COMPONENT = "collectors";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  /** Beside what each may take to close. */
  private static final Duration CLOSE_MARGIN = Duration.ofSeconds(1);

  private final Surroundings around;
  private final Turns turns;
  private final Fleet fleet;
  private final Reloader reloader;
  private final SupervisedLoop loop;
  private volatile boolean closed;

  /**
   * @param initial what runs from {@link #start} on
   * @param source reads the configuration again
   * @param random safe for use by many threads
   */
  public Collectors(
      CollectorsConfig initial,
      Flows flows,
      Positions positions,
      Supplier<CollectorsConfig> source,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random) {
    this(initial, flows, positions, source, ticker, clock, random, LifecycleLimits.DEFAULTS);
  }

  Collectors(
      CollectorsConfig initial,
      Flows flows,
      Positions positions,
      Supplier<CollectorsConfig> source,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random,
      LifecycleLimits limits) {
    turns = new Turns(limits.turn());
    around = new Surroundings(flows, positions, ticker, clock, random, limits, turns::wake);
    fleet = new Fleet(around, initial.collectors().values());
    reloader = new Reloader(initial, source, fleet);
    loop = new SupervisedLoop(COMPONENT, ticker, STUCK_AFTER, this::turn);
  }

  /**
   * Returns when those have started without which nothing shall.
   *
   * @throws CollectorStartException when one of them did not; everything is closed then
   */
  @Override
  public void start() {
    loop.start();
    for (Supervisor supervisor : fleet.supervisors()) {
      Wanted wanted = supervisor.wanted();
      if (wanted.enabled() && wanted.config().onStartError() == OnStartError.FAIL) {
        await(wanted.config().name(), supervisor);
      }
    }
  }

  private void await(String name, Supervisor supervisor) {
    String why;
    try {
      Duration atMost = around.limits().start().plus(CLOSE_MARGIN);
      why = supervisor.firstStart().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      why = "did not start: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why = "did not start: the coordinator was interrupted";
    }
    if (why != null) {
      close();
      throw new CollectorStartException(name, why);
    }
  }

  private void turn() throws InterruptedException {
    fleet.turn();
    turns.next();
  }

  @Override
  public List<CollectorView> list() {
    Map<String, LaneStats> lanes = lanes();
    Set<String> names = new TreeSet<>(lanes.keySet());
    fleet.supervisors().stream()
        .filter(supervisor -> !supervisor.isGone())
        .forEach(supervisor -> names.add(supervisor.wanted().config().name()));
    return names.stream().map(name -> view(name, lanes.get(name))).toList();
  }

  @Override
  public Optional<CollectorView> find(String name) {
    return list().stream().filter(view -> view.name().equals(name)).findFirst();
  }

  @Override
  public CollectorView enable(String name) {
    Supervisor supervisor = configured(name);
    String refusal = supervisor.wanted().config().refusal();
    if (refusal != null) {
      throw new RefusedException("collector %s cannot run: %s".formatted(name, refusal));
    }
    Phase phase = supervisor.sight().phase();
    boolean waits = phase == Phase.FAILED || phase == Phase.BACKING_OFF;
    supervisor.want(wanted -> wanted.enabled(true, waits || !wanted.enabled()));
    return view(name, lanes().get(name));
  }

  @Override
  public CollectorView disable(String name) {
    configured(name).want(wanted -> wanted.enabled(false, false));
    return view(name, lanes().get(name));
  }

  @Override
  public CollectorView restart(String name) {
    Supervisor supervisor = configured(name);
    if (!supervisor.wanted().enabled()) {
      throw new RefusedException("collector %s is disabled, enable it instead".formatted(name));
    }
    supervisor.want(wanted -> wanted.enabled(wanted.enabled(), true));
    return view(name, lanes().get(name));
  }

  @Override
  public Reload reload() {
    if (closed) {
      throw new RefusedException("the coordinator stops, it reads no configuration any more");
    }
    return reloader.reload();
  }

  @Override
  public ReloadStats reloads() {
    return reloader.stats();
  }

  private Supervisor configured(String name) {
    if (closed) {
      throw new RefusedException("the coordinator stops, its collectors do too");
    }
    Supervisor supervisor = fleet.find(name);
    if (supervisor == null || !supervisor.wanted().configured()) {
      String near =
          Names.nearest(name, fleet.names()).map("; did you mean %s?"::formatted).orElse("");
      throw new UnknownCollectorException(
          "there is no collector \"%s\" in the configuration%s".formatted(name, near));
    }
    return supervisor;
  }

  private Map<String, LaneStats> lanes() {
    return around.flows().stats().stream()
        .collect(toMap(LaneStats::collector, Function.identity()));
  }

  private CollectorView view(String name, @Nullable LaneStats lane) {
    return new Views(around).view(name, fleet.find(name), lane);
  }

  /** How each is. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (CollectorView view : list()) {
      checks.add(new Check("collector " + view.name(), view.healthy(), view.detail()));
    }
    return checks;
  }

  @Override
  public Check check() {
    List<CollectorView> views = list();
    String trouble =
        views.stream()
            .filter(view -> !view.healthy())
            .map(view -> view.name() + ": " + view.detail())
            .collect(joining(", "));
    long running = views.stream().filter(view -> view.phase() == Phase.RUNNING).count();
    return trouble.isEmpty()
        ? Check.ok(COMPONENT, "%d of %d running".formatted(running, views.size()))
        : Check.failed(COMPONENT, trouble);
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** Has all of them closed, and waits for them as long as one may take. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    fleet.supervisors().forEach(one -> one.want(wanted -> wanted.enabled(false, false)));
    Duration atMost = around.limits().close().plus(CLOSE_MARGIN);
    turns.await(atMost, () -> fleet.supervisors().stream().allMatch(Supervisor::atRest));
    loop.close();
  }
}
