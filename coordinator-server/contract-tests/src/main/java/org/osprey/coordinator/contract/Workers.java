package org.osprey.coordinator.contract;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.DispatcherSettings.Retries;
import org.osprey.coordinator.core.InMemoryTracer;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.WorkerStream;

/** A real dispatcher with one target that answers when the test says so. */
public final class Workers implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(2);

  private final Dispatcher dispatcher;
  private final InMemoryTracer tracer = new InMemoryTracer();
  private final SupervisedLoop ticks;
  private final Keep kept = new Keep();
  private @Nullable WorkerStream stream;

  /**
   * @param room how many async actions the dispatcher accepts
   */
  public Workers(int room, DeadLetters deadLetters) {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    DispatcherSettings settings =
        new DispatcherSettings(
            usual.sync(),
            new Bounds(room, 64L << 20),
            usual.leases(),
            new Retries(2, 5, Duration.ofMillis(1), Duration.ofMillis(1)),
            usual.agedAfter(),
            usual.agedShare(),
            usual.idleStream());
    Ticker ticker = Ticker.system();
    dispatcher =
        new Dispatcher(
            settings, ticker, InstantSource.system(), new Random(1), deadLetters, null, tracer);
    ticks = new SupervisedLoop("test-ticks", ticker, Duration.ofSeconds(10), this::tick);
    ticks.start();
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  /** The traces of everything that was offered. */
  public List<InMemoryTracer.Recorded> traces() {
    return tracer.traces();
  }

  /** From now on every action is handed over at once. */
  public Workers connect() {
    stream = dispatcher.connect("contract", ActionNames.ALL, 1_000_000, kept);
    return this;
  }

  /** Accepted and unfinished actions. */
  public int accepted() {
    return dispatcher.stats().async().accepted();
  }

  /** Ids in the order in which they were handed over, with repetitions. */
  public List<Long> seen() {
    return kept.seen();
  }

  /** Takes what is handed over and not answered yet, in that order. */
  public List<Lease> take() {
    return kept.take();
  }

  public void ack(Lease lease) {
    dispatcher.ack(connected(), lease.ackId(), Outcome.Acked.EMPTY);
  }

  public void nack(Lease lease) {
    dispatcher.nack(connected(), lease.ackId());
  }

  public void ackAll() {
    take().forEach(this::ack);
  }

  @Override
  public void close() {
    ticks.close();
  }

  private void tick() throws InterruptedException {
    dispatcher.tick();
    Thread.sleep(TICK);
  }

  private WorkerStream connected() {
    if (stream == null) {
      throw new IllegalStateException("connect first");
    }
    return stream;
  }

  /** What is seen can be taken, whichever thread hands it over. */
  private static final class Keep implements Target {
    @GuardedBy("this")
    private final List<Long> seen = new ArrayList<>();

    @GuardedBy("this")
    private final List<Lease> out = new ArrayList<>();

    @Override
    public synchronized void lease(Lease lease) {
      seen.add(lease.action().id());
      out.add(lease);
    }

    synchronized List<Long> seen() {
      return List.copyOf(seen);
    }

    synchronized List<Lease> take() {
      List<Lease> taken = List.copyOf(out);
      out.clear();
      return taken;
    }

    @Override
    public void end() {}
  }
}
