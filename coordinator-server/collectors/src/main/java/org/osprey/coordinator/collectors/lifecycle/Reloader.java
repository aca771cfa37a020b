package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.osprey.coordinator.collectors.config.CollectorConfig;
import org.osprey.coordinator.collectors.config.CollectorsConfig;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.Reload;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadRunningException;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadStats;
import org.osprey.coordinator.collectors.lifecycle.Supervisor.Wanted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration again, and says to each collector what differs. One at a time. */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // what it holds is safe for use by many
final class Reloader {
  private static final Logger log = LoggerFactory.getLogger(Reloader.class);

  private final CollectorsConfig initial;
  private final Supplier<CollectorsConfig> source;
  private final Fleet fleet;
  private final AtomicBoolean running = new AtomicBoolean();

  @GuardedBy("this")
  private ReloadStats stats;

  Reloader(CollectorsConfig initial, Supplier<CollectorsConfig> source, Fleet fleet) {
    this.initial = initial;
    this.source = source;
    this.fleet = fleet;
    stats = new ReloadStats(0, 0, false, initial.hash(initial));
  }

  synchronized ReloadStats stats() {
    return stats;
  }

  Reload reload() {
    if (!running.compareAndSet(false, true)) {
      throw new ReloadRunningException();
    }
    try {
      CollectorsConfig config = source.get();
      Reload reload = apply(config);
      succeeded(initial.hash(config));
      report(reload);
      return reload;
    } catch (RuntimeException e) {
      failed();
      log.warn(
          "the configuration was read again and is refused, nothing changes: {}", e.toString());
      throw e;
    } finally {
      running.set(false);
    }
  }

  private Reload apply(CollectorsConfig config) {
    Lists lists = new Lists();
    for (CollectorConfig collector : config.collectors().values()) {
      lists.of(change(collector)).add(collector.name());
    }
    for (String gone : new TreeSet<>(fleet.names())) {
      if (!config.collectors().containsKey(gone)) {
        lists.of(remove(gone)).add(gone);
      }
    }
    return new Reload(
        lists.started,
        lists.stopped,
        lists.restarted,
        lists.unchanged,
        initial.orchestratorChanges(config),
        config.warnings());
  }

  private enum Change {
    STARTED,
    STOPPED,
    RESTARTED,
    UNCHANGED
  }

  private Change change(CollectorConfig config) {
    Supervisor supervisor = fleet.find(config.name());
    if (supervisor == null) {
      fleet.add(config);
      return config.enabled() ? Change.STARTED : Change.UNCHANGED;
    }
    Wanted before = supervisor.wanted();
    boolean differs = !before.config().runsLike(config);
    supervisor.want(
        wanted ->
            new Wanted(
                config,
                config.enabled(),
                true,
                differs ? wanted.revision() + 1 : wanted.revision()));
    if (before.enabled() != config.enabled()) {
      return config.enabled() ? Change.STARTED : Change.STOPPED;
    }
    return differs && config.enabled() ? Change.RESTARTED : Change.UNCHANGED;
  }

  private Change remove(String name) {
    Supervisor supervisor = fleet.find(name);
    if (supervisor == null) {
      return Change.UNCHANGED;
    }
    boolean ran = supervisor.wanted().enabled();
    supervisor.want(wanted -> new Wanted(wanted.config(), false, false, wanted.revision()));
    return ran ? Change.STOPPED : Change.UNCHANGED;
  }

  private synchronized void succeeded(String hash) {
    stats = new ReloadStats(stats.succeeded() + 1, stats.failed(), false, hash);
  }

  private synchronized void failed() {
    stats = new ReloadStats(stats.succeeded(), stats.failed() + 1, true, stats.configHash());
  }

  private static void report(Reload reload) {
    log.info(
        "the configuration was read again: started={} stopped={} restarted={} unchanged={}",
        reload.started(),
        reload.stopped(),
        reload.restarted(),
        reload.unchanged());
    reload.warnings().forEach(warning -> log.warn("{}", warning));
    if (!reload.needRestart().isEmpty()) {
      log.warn("changed, but applies only from the next start on: {}", reload.needRestart());
    }
  }

  /** What became of whom. */
  private static final class Lists {
    final List<String> started = new ArrayList<>();
    final List<String> stopped = new ArrayList<>();
    final List<String> restarted = new ArrayList<>();
    final List<String> unchanged = new ArrayList<>();

    List<String> of(Change change) {
      return switch (change) {
        case STARTED -> started;
        case STOPPED -> stopped;
        case RESTARTED -> restarted;
        case UNCHANGED -> unchanged;
      };
    }
  }
}
