package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.WorkerStream;

/** A real dispatcher with one stream that takes everything and answers when the test says so. */
final class TestWorkers {
  private final Dispatcher dispatcher;
  private final BlockingQueue<Lease> leased = new LinkedBlockingQueue<>();
  private final Queue<Long> seen = new ConcurrentLinkedQueue<>();
  private final Map<Long, Integer> acked = new ConcurrentHashMap<>();
  private final WorkerStream stream;

  TestWorkers(int asyncRoom) {
    this(asyncRoom, new InMemoryDeadLetters());
  }

  TestWorkers(int asyncRoom, DeadLetters deadLetters) {
    DispatcherSettings defaults = DispatcherSettings.DEFAULTS;
    DispatcherSettings settings =
        new DispatcherSettings(
            defaults.sync(),
            new Bounds(asyncRoom, 64L << 20),
            defaults.leases(),
            new DispatcherSettings.Retries(1, 5, Duration.ofMillis(1), Duration.ofMillis(1)),
            defaults.agedAfter(),
            defaults.agedShare(),
            defaults.idleStream());
    dispatcher =
        new Dispatcher(
            settings, Ticker.system(), InstantSource.system(), new Random(1), deadLetters, null);
    stream = dispatcher.connect("test", ActionNames.ALL, 1_000_000, new Keep());
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  /** Ids in the order in which they were handed over. */
  List<Long> seen() {
    return List.copyOf(seen);
  }

  /** How often each id was acked. */
  Map<Long, Integer> acked() {
    return acked;
  }

  /** Takes what is handed over and not answered yet. */
  List<Lease> takeLeased() {
    List<Lease> taken = new java.util.ArrayList<>();
    leased.drainTo(taken);
    return taken;
  }

  int waiting() {
    return leased.size();
  }

  void ack(Lease lease) {
    acked.merge(lease.action().id(), 1, Integer::sum);
    dispatcher.ack(stream, lease.ackId(), Outcome.Acked.EMPTY);
  }

  void nack(Lease lease) {
    dispatcher.nack(stream, lease.ackId());
  }

  void ackAll() {
    takeLeased().forEach(this::ack);
  }

  private final class Keep implements Target {
    @Override
    public void lease(Lease lease) {
      seen.add(lease.action().id());
      leased.add(lease);
    }

    @Override
    public void end() {}
  }
}
