package org.osprey.coordinator.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.core.WorkerStream;

/** A dispatcher with a tracer, on a clock that moves when told to. */
final class TracedDispatcher {
  static final String SECRET = "do-not-tell";

  /** What the wall clock shows when the ticker shows 0. */
  static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  final ManualTicker ticker = new ManualTicker();
  final List<Lease> leases = new ArrayList<>();
  private @Nullable Dispatcher dispatcher;

  Instant now() {
    return START.plusNanos(ticker.nanos());
  }

  TracedDispatcher with(Tracer tracer, @Nullable ResultSink sink) {
    dispatcher =
        new Dispatcher(
            DispatcherSettings.DEFAULTS,
            ticker,
            this::now,
            new Random(1),
            new InMemoryDeadLetters(),
            sink,
            tracer);
    return this;
  }

  Dispatcher dispatcher() {
    return Objects.requireNonNull(dispatcher);
  }

  /** Received now, and offered 5 ms later. */
  void offer(long id, Map<String, String> headers) {
    Action action =
        new Action(
            id,
            "user_login",
            Action.Encoding.JSON,
            "{\"a\":\"%s\"}".formatted(SECRET).getBytes(UTF_8),
            "{\"b\":\"%s\"}".formatted(SECRET).getBytes(UTF_8),
            Instant.EPOCH);
    Tracer tracer = Objects.requireNonNull(dispatcher().tracer());
    Delivery delivery =
        Delivery.async(
            action,
            "test",
            null,
            outcome -> {},
            tracer.begin(action, Lane.ASYNC, "test", ticker.nanos(), headers::get));
    pass(5);
    dispatcher().offer(delivery);
  }

  WorkerStream connect(String clientId) {
    return dispatcher()
        .connect(
            clientId,
            ActionNames.ALL,
            1,
            new Target() {
              @Override
              public void lease(Lease lease) {
                leases.add(lease);
              }

              @Override
              public void end() {}
            });
  }

  void ack(WorkerStream stream, Outcome.Acked acked) {
    dispatcher().ack(stream, leases.getLast().ackId(), acked);
  }

  void nack(WorkerStream stream) {
    dispatcher().nack(stream, leases.getLast().ackId());
  }

  void pass(long millis) {
    for (long left = millis; left > 0; left -= 20) {
      ticker.advance(Duration.ofMillis(Math.min(20, left)));
      dispatcher().tick();
    }
  }
}
