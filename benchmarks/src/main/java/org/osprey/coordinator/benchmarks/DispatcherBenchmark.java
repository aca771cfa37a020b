package org.osprey.coordinator.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Intake.Admission;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;

/** One hand-over from offer to outcome, on one thread: offer, lease, ack. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DispatcherBenchmark {
  private static final int BETWEEN_TICKS = 20_000;

  /** Connected streams; each has one action out at a time. */
  @Param({"1", "64"})
  public int streams;

  private final byte[] payload = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
  private final Deque<Lease> leases = new ArrayDeque<>();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          Ticker.system(),
          InstantSource.system(),
          new Random(1),
          new InMemoryDeadLetters(),
          null);
  private long id;
  private long outcomes;

  /** Keeps what it is given for the benchmark to ack. */
  private final class Worker implements Target {
    @Override
    public void lease(Lease lease) {
      leases.add(lease);
    }

    @Override
    public void end() {
      connect();
    }
  }

  /** Every stream gets one action to begin with. */
  @Setup
  public void fill() {
    for (int i = 0; i < streams; i++) {
      connect();
      offer();
    }
  }

  /** The stream that has waited longest is answered, and takes the action that was offered. */
  @Benchmark
  public long offerLeaseAck() {
    offer();
    Lease lease = leases.remove();
    dispatcher.ack(lease.stream(), lease.ackId(), Outcome.Acked.EMPTY);
    if (id % BETWEEN_TICKS == 0) {
      dispatcher.tick();
    }
    return outcomes;
  }

  private void connect() {
    dispatcher.connect("worker", ActionNames.ALL, 1, new Worker());
  }

  private void offer() {
    Action action =
        new Action(++id, "user_login", Action.Encoding.JSON, payload, null, Instant.EPOCH);
    Delivery delivery = Delivery.async(action, "benchmark", null, outcome -> outcomes++);
    if (dispatcher.offer(delivery) != Admission.ACCEPTED) {
      throw new IllegalStateException("refused: " + delivery);
    }
  }
}
