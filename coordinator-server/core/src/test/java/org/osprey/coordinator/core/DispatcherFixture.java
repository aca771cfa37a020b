package org.osprey.coordinator.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A dispatcher on a clock that moves when told to, and short ways to feed it. */
final class DispatcherFixture {
  static final Duration LEASE = Duration.ofSeconds(60);

  final ManualTicker ticker = new ManualTicker();

  /** Stands still unless a test says otherwise; the ticker goes its own way. */
  Instant wallTime = Instant.EPOCH;

  final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
  final Map<Long, List<Outcome>> outcomes = new HashMap<>();
  final Dispatcher dispatcher;

  DispatcherFixture() {
    this(DispatcherSettings.DEFAULTS, null);
  }

  DispatcherFixture(DispatcherSettings settings, @Nullable ResultSink sink) {
    dispatcher = new Dispatcher(settings, ticker, () -> wallTime, new Random(1), deadLetters, sink);
  }

  static Action action(long id, String name) {
    byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
    return new Action(id, name, Action.Encoding.JSON, payload, null, Instant.EPOCH);
  }

  Delivery async(long id) {
    return async(id, "a", null);
  }

  Delivery async(long id, String name, @Nullable String key) {
    return Delivery.async(action(id, name), "test", key, outcome -> record(id, outcome));
  }

  Delivery sync(long id, Duration wait) {
    return Delivery.sync(
        action(id, "s"), "test", ticker.nanos() + wait.toNanos(), outcome -> record(id, outcome));
  }

  Intake.Admission offer(Delivery delivery) {
    return dispatcher.offer(delivery);
  }

  WorkerStream connect(RecordingTarget target) {
    return connect(target, 1, ActionNames.ALL);
  }

  WorkerStream connect(RecordingTarget target, int credits, ActionNames names) {
    return dispatcher.connect("worker", names, credits, target);
  }

  void ack(WorkerStream stream, Lease lease) {
    dispatcher.ack(stream, lease.ackId(), Outcome.Acked.EMPTY);
  }

  /** Moves the clock in ticks as small as the real ones. */
  void pass(Duration time) {
    Duration step = Duration.ofMillis(20);
    for (Duration left = time; left.isPositive(); left = left.minus(step)) {
      ticker.advance(left.compareTo(step) < 0 ? left : step);
      dispatcher.tick();
    }
  }

  long count(Count count) {
    return dispatcher.stats().count(count);
  }

  List<Outcome> outcomes(long id) {
    return outcomes.getOrDefault(id, List.of());
  }

  private void record(long id, Outcome outcome) {
    outcomes.computeIfAbsent(id, key -> new ArrayList<>()).add(outcome);
  }
}
