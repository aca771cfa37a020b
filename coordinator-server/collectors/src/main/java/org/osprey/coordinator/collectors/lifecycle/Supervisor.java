package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.config.CollectorConfig;
import org.osprey.coordinator.collectors.config.OnStartError;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.core.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one collector to what is wanted of it, and keeps it there. {@link #turn} is called by one
 * loop, which owns all that is not said otherwise; any thread may say what is wanted, and look.
 */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // the loop's own fields are not shared
final class Supervisor {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  private final String name;
  private final Surroundings around;
  private final LifecycleLimits limits;
  private final AtomicReference<Wanted> wanted;
  private final CompletableFuture<@Nullable String> firstStart = new CompletableFuture<>();

  private final List<Instance> strays = new ArrayList<>();
  private Phase phase = Phase.DISABLED;
  private long since;
  private @Nullable Instance instance;
  private @Nullable Instance previous;

  /** What was wanted when the instance, or the last one, began. */
  private long revision = -1;

  /** In a row. */
  private int failures;

  /** Where it goes when the instance is closed; null for as is wanted then. */
  private @Nullable Phase next;

  private long notBefore;
  private int restarts;
  private @Nullable String trouble;
  private volatile Sight sight;

  /**
   * What it is to be.
   *
   * @param configured false when the configuration has it no more
   * @param revision the instance began under this one, or is replaced
   */
  record Wanted(CollectorConfig config, boolean enabled, boolean configured, long revision) {

    Wanted enabled(boolean enabled, boolean anew) {
      return new Wanted(config, enabled, configured, anew ? revision + 1 : revision);
    }
  }

  Supervisor(CollectorConfig config, Surroundings around) {
    name = config.name();
    this.around = around;
    limits = around.limits();
    wanted = new AtomicReference<>(new Wanted(config, config.enabled(), true, 0));
    since = around.ticker().nanos();
    sight = look();
  }

  Wanted wanted() {
    return wanted.get();
  }

  /** May be called by any thread, and calls again what it is given when two do. */
  void want(UnaryOperator<Wanted> change) {
    wanted.updateAndGet(change);
    around.wake().run();
  }

  /** By any thread. */
  Sight sight() {
    return sight;
  }

  /** Whether nothing of it runs, or is about to. */
  boolean atRest() {
    Sight now = sight;
    return now.instance() == null && !wanted.get().enabled();
  }

  /** Whether nothing is left to know of it. */
  boolean isGone() {
    return !wanted.get().configured() && atRest() && sight.strayThreads() == 0;
  }

  /** Done with null once it has started, or with what went wrong. */
  CompletableFuture<@Nullable String> firstStart() {
    return firstStart;
  }

  void turn() {
    long now = around.ticker().nanos();
    strays.removeIf(stray -> stray.threads() == 0);
    switch (phase) {
      case DISABLED, FAILED, BACKING_OFF, STUCK -> rest(now);
      case STARTING -> starting(now);
      case RUNNING -> running(now);
      case STOPPING -> stopping(now);
    }
    sight = look();
  }

  private void rest(long now) {
    Wanted target = wanted.get();
    boolean asked = target.revision() != revision;
    if (!target.enabled()) {
      move(Phase.DISABLED, now);
      trouble = null;
    } else if (phase == Phase.FAILED && !asked) {
      return;
    } else if (!strays.isEmpty()) {
      move(Phase.STUCK, now);
    } else if (!asked && now - notBefore < 0) {
      move(Phase.BACKING_OFF, now);
    } else {
      begin(target, now);
    }
  }

  private void begin(Wanted target, long now) {
    restarts += phase == Phase.DISABLED || target.revision() != revision ? 0 : 1;
    revision = target.revision();
    Instance former = previous;
    if (former != null) {
      former.superseded();
    }
    try {
      Instance begun =
          new Instance(target.config(), around.flows().open(name, target.config().lane()), around);
      instance = begun;
      previous = begun;
      move(Phase.STARTING, now);
      begun.start();
    } catch (RuntimeException e) {
      trouble = "did not start: there is no way for its events: " + e;
      next = Phase.BACKING_OFF;
      stopped(now);
    }
  }

  private void starting(long now) {
    Instance current = current();
    Throwable failure = current.failure();
    if (failure != null) {
      startFailed(failure.toString(), failure, now);
    } else if (current.started()) {
      move(Phase.RUNNING, now);
      trouble = null;
      firstStart.complete(null);
      log.info("started: collector={}", name);
    } else if (!isAsWanted()) {
      stop(null, now);
    } else if (passed(limits.start(), now)) {
      startFailed(
          "start did not return within %d ms".formatted(limits.start().toMillis()), null, now);
      current.silence();
      current.interrupt();
    }
  }

  private void startFailed(String why, @Nullable Throwable failure, long now) {
    boolean ignored = wanted.get().config().onStartError() == OnStartError.IGNORE;
    trouble = "did not start: " + why;
    log.warn("did not start: collector={} failures={} why={}", name, failures, why, failure);
    stop(ignored ? Phase.FAILED : Phase.BACKING_OFF, now);
    firstStart.complete(trouble);
  }

  private void running(long now) {
    Throwable failure = current().failure();
    if (!isAsWanted()) {
      stop(null, now);
    } else if (failure != null) {
      if (passed(limits.well(), now)) {
        failures = 0;
      }
      trouble = "failed: " + failure;
      log.warn("failed, will start again: collector={} failures={}", name, failures, failure);
      stop(Phase.BACKING_OFF, now);
    }
  }

  private void stop(@Nullable Phase then, long now) {
    next = then;
    current().close();
    move(Phase.STOPPING, now);
  }

  private void stopping(long now) {
    Instance current = current();
    boolean closed = current.closed();
    if (closed || next != null || passed(limits.lastEvents(), now)) {
      current.silence();
    }
    if (closed && current.threads() == 0) {
      stopped(now);
    } else if (passed(limits.close(), now)) {
      int threads = current.threads();
      log.warn("threads did not end, are interrupted: collector={} threads={}", name, threads);
      current.interrupt();
      strays.add(current);
      stopped(now);
    }
  }

  private void stopped(long now) {
    instance = null;
    if (next == Phase.BACKING_OFF) {
      double random = around.random().nextDouble();
      Duration pause =
          Backoff.after(failures++, limits.firstPause(), limits.longestPause(), random);
      notBefore = now + pause.toNanos();
    } else {
      notBefore = now;
      failures = 0;
    }
    move(next == null ? Phase.DISABLED : next, now);
    next = null;
    rest(now);
  }

  private boolean isAsWanted() {
    Wanted target = wanted.get();
    return target.enabled() && target.revision() == revision;
  }

  private void move(Phase to, long now) {
    if (phase != to) {
      phase = to;
      since = now;
    }
  }

  private boolean passed(Duration limit, long now) {
    return now - since > limit.toNanos();
  }

  private Instance current() {
    Instance current = instance;
    if (current == null) {
      throw new IllegalStateException("collector %s has no instance in %s".formatted(name, phase));
    }
    return current;
  }

  private Sight look() {
    int threads = strays.stream().mapToInt(Instance::threads).sum();
    return new Sight(phase, since, instance, trouble, restarts, threads, notBefore);
  }
}
