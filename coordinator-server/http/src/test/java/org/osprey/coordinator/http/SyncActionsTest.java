package org.osprey.coordinator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryTracer;
import org.osprey.coordinator.core.ManualTicker;

class SyncActionsTest {
  private final InMemoryTracer tracer = new InMemoryTracer();
  private final ManualTicker ticker = new ManualTicker();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          ticker,
          InstantSource.system(),
          new Random(1),
          new InMemoryDeadLetters(),
          null,
          tracer);

  @Test
  void theTraceOfTheRequestGoesOn() {
    Action action =
        new Action(7, "a", Action.Encoding.JSON, new byte[] {'{', '}'}, null, Instant.EPOCH);
    CompletableFuture<ActionResult> result =
        new SyncActions(dispatcher, ticker)
            .within(Duration.ofSeconds(1), Map.of("traceparent", "00-1-2-01")::get)
            .send(action);
    assertFalse(result.isDone());
    assertEquals(Map.of("traceparent", "00-1-2-01"), tracer.traces().getFirst().headers());
  }
}
