package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collectors.config.CollectorConfig;
import org.osprey.coordinator.collectors.config.CollectorConfig.Made;
import org.osprey.coordinator.collectors.flow.Flows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a collector, from its start to the end of its last thread. All that others wrote runs
 * on its own threads, and none of the methods here waits for that.
 */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // what it holds is safe for use by many
final class Instance {
  private static final Logger log = LoggerFactory.getLogger(Instance.class);

  private final CollectorConfig config;
  private final Made made;
  private final Flows.Entry entry;
  private final Runnable wake;
  private final CollectorThreads threads;
  private final Tasks tasks;
  private final HealthWatch health;
  private final InstanceContext context;

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile @Nullable Collector collector;
  private volatile boolean started;
  private volatile boolean closing;
  private volatile boolean closeReturned;
  private final AtomicBoolean silenced = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param entry belongs to it from here on
   */
  Instance(CollectorConfig config, Flows.Entry entry, Surroundings around) {
    this.config = config;
    this.entry = entry;
    made = Objects.requireNonNull(config.made(), "a collector of no kind cannot run");
    wake = around.wake();
    threads = new CollectorThreads(config.name(), this::failed);
    tasks = new Tasks(around.ticker(), body -> thread("-tasks", body), this::failed);
    health = new HealthWatch(around.ticker(), around.limits());
    context = new InstanceContext(config.name(), around, tasks, this::failed);
  }

  void start() {
    thread("", this::run);
  }

  /** Whether its start has returned. */
  boolean started() {
    return started;
  }

  /** What it failed of first; null for nothing. */
  @Nullable Throwable failure() {
    return failure.get();
  }

  Health health() {
    return health.health();
  }

  /** Begins to close it. */
  void close() {
    closing = true;
    tasks.stop();
    health.stop();
    thread("-close", this::runClose);
  }

  /** Whether all it was asked for has returned. */
  boolean closed() {
    return closeReturned && tasks.idle();
  }

  /** From here on it emits and saves nothing. */
  void silence() {
    if (silenced.compareAndSet(false, true)) {
      entry.close();
    }
  }

  void interrupt() {
    threads.interruptAll();
  }

  /** Those of its own, and those it made. */
  int threads() {
    return threads.alive();
  }

  /** A later instance keeps the position now. */
  void superseded() {
    context.supersede();
  }

  private void thread(String what, Runnable body) {
    threads.start(what, made.kind().getClass().getClassLoader(), body);
  }

  @SuppressWarnings("CatchingUnchecked") // also what a collector should not throw
  private void run() {
    try {
      Collector created = made.create(context);
      collector = created;
      if (closing) {
        closeOnce(created);
        return;
      }
      created.start(entry);
      started = true;
      wake.run();
      thread("-health", () -> health.watch(created));
    } catch (Throwable e) {
      failed(e);
      rethrowFatal(e);
    }
  }

  @SuppressWarnings("CatchingUnchecked") // likewise
  private void runClose() {
    Collector created = collector;
    try {
      if (created != null) {
        closeOnce(created);
      }
    } catch (Throwable e) {
      log.warn("closing failed: collector={}", config.name(), e);
      rethrowFatal(e);
    } finally {
      closeReturned = true;
      wake.run();
    }
  }

  /** It may have been made only after it had been given up. */
  private void closeOnce(Collector created) {
    if (closed.compareAndSet(false, true)) {
      created.close();
    }
  }

  private void failed(Throwable why) {
    if (failure.compareAndSet(null, why)) {
      wake.run();
    }
  }

  private static void rethrowFatal(Throwable failure) {
    if (CollectorThreads.isFatal(failure)) {
      throw (VirtualMachineError) failure;
    }
  }
}
