package org.osprey.coordinator.collectors.gateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.flow.WhenFull;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations;
import org.osprey.coordinator.collectors.lifecycle.CollectorView;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;

/** Collectors that are as a test says, and change as they are told. */
public final class FakeCollectors implements CollectorOperations {
  @GuardedBy("this")
  private final SortedMap<String, CollectorView> views = new TreeMap<>();

  @GuardedBy("this")
  private ReloadStats stats = new ReloadStats(0, 0, false, "c0ffee");

  @GuardedBy("this")
  private Supplier<Reload> reload =
      () -> new Reload(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /** A running one, which has had these events. */
  public synchronized void put(String name, LaneStats lane) {
    put(name, Phase.RUNNING, true, "running", lane);
  }

  @CanIgnoreReturnValue
  public synchronized CollectorView put(
      String name, Phase phase, boolean healthy, String detail, @Nullable LaneStats lane) {
    CollectorView view =
        new CollectorView(
            name,
            "generator",
            phase != Phase.DISABLED,
            phase,
            healthy,
            detail,
            2,
            lane == null ? null : Instant.parse("2026-11-22T03:00:00Z"),
            phase == Phase.STUCK ? 1 : 0,
            WhenFull.DROP_NEWEST,
            lane);
    views.put(name, view);
    return view;
  }

  public synchronized void remove(String name) {
    views.remove(name);
  }

  /** A balanced ledger with something in every place. */
  public static LaneStats lane(String name, long received) {
    return new LaneStats(
        name,
        received,
        7,
        received - 100,
        Map.of(Loss.FULL_NEWEST, 30L, Loss.UNCONFIRMED, 7L),
        20,
        25,
        25,
        4_096,
        100,
        1);
  }

  /**
   * @param next gives the answer, or throws
   */
  public synchronized void reloading(Supplier<Reload> next) {
    reload = next;
  }

  public synchronized void reloaded(ReloadStats now) {
    stats = now;
  }

  @Override
  public synchronized List<CollectorView> list() {
    return List.copyOf(views.values());
  }

  @Override
  public synchronized Optional<CollectorView> find(String name) {
    return Optional.ofNullable(views.get(name));
  }

  @Override
  public CollectorView enable(String name) {
    return steer(name, Phase.RUNNING, "running");
  }

  @Override
  public CollectorView disable(String name) {
    return steer(name, Phase.DISABLED, "disabled by an operator");
  }

  @Override
  public CollectorView restart(String name) {
    return steer(name, Phase.STARTING, "restarted by an operator");
  }

  @Override
  public Reload reload() {
    Supplier<Reload> now;
    synchronized (this) {
      now = reload;
    }
    return now.get();
  }

  @Override
  public synchronized ReloadStats reloads() {
    return stats;
  }

  private synchronized CollectorView steer(String name, Phase phase, String detail) {
    CollectorView before = views.get(name);
    if (before == null) {
      throw new UnknownCollectorException("no collector is called " + name);
    }
    if (before.phase() == Phase.STUCK) {
      throw new RefusedException(name + " is stuck, want its threads to end");
    }
    return put(name, phase, true, detail, before.lane());
  }
}
