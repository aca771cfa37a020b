package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Sources;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Target;

/** What Kubernetes asks: whether to send traffic, whether to restart, whether to scale. */
@Timeout(120)
class OperationsRoutesTest {
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ManualTicker ticker = new ManualTicker();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          ticker,
          InstantSource.system(),
          new Random(1),
          new InMemoryDeadLetters(),
          null);

  @Test
  void aStuckLoopMakesUnreadyButOnlyAVitalOneCallsForARestart() throws Exception {
    Semaphore begun = new Semaphore(0);
    Semaphore steps = new Semaphore(0);
    SupervisedLoop loop =
        new SupervisedLoop(
            "letters",
            ticker,
            STUCK_AFTER,
            () -> {
              begun.release();
              steps.acquire();
            });
    HealthRoutes health = new HealthRoutes(operator(), List::of, List.of(loop), null);
    HealthRoutes vital =
        new HealthRoutes(operator(), () -> List.of(loop.check()), List.of(loop), null);
    try (ServedRoutes served = new ServedRoutes(health);
        ServedRoutes servedVital = new ServedRoutes(vital)) {
      assertAnswer(200, "{\"status\":\"ready\"}", served.get("/health/ready"));
      loop.start();
      begun.acquire();
      ticker.advance(STUCK_AFTER.plusSeconds(2));
      assertAnswer(
          503,
          "{\"status\":\"not ready\",\"reasons\":[\"letters: no progress for 12 s\"]}",
          served.get("/health/ready"));
      assertAnswer(200, "{\"status\":\"alive\"}", served.get("/health/live"));
      assertEquals(503, servedVital.get("/health/live").statusCode());
      steps.release();
      begun.acquire();
      assertAnswer(200, "{\"status\":\"ready\"}", served.get("/health/ready"));
    } finally {
      loop.close(Duration.ofNanos(1));
      steps.release();
      loop.close();
    }
  }

  @Test
  void aLoopMakesUnreadyFromItsFailureUntilItHasWorkedAgain() throws Exception {
    SupervisedLoop loop =
        new SupervisedLoop("letters", ticker, STUCK_AFTER, () -> LockSupport.parkNanos(1_000_000));
    HealthRoutes health = new HealthRoutes(operator(), List::of, List.of(loop), null);
    loop.drill(new IllegalStateException("what is nobody's business"));
    loop.start();
    try (loop;
        ServedRoutes served = new ServedRoutes(health)) {
      await().atMost(PATIENCE).until(() -> loop.stats().failing());
      assertAnswer(
          503,
          "{\"status\":\"not ready\",\"reasons\":[\"letters: failed and is tried again\"]}",
          served.get("/health/ready"));
      loop.drill(null);
      await().atMost(PATIENCE).until(() -> !loop.stats().failing());
      assertAnswer(200, "{\"status\":\"ready\"}", served.get("/health/ready"));
    }
  }

  @Test
  void howTasksComeIsTold() throws Exception {
    HealthRoutes health = new HealthRoutes(operator(), List::of, List.of(), "kafka");
    try (ServedRoutes served = new ServedRoutes(health)) {
      assertAnswer(
          200,
          "{\"status\":\"ok\",\"consumer_type\":\"none\",\"event_hub_mode\":\"kafka\",\"checks\":[]}",
          served.get("/health"));
    }
  }

  @Test
  void theWorkloadIsTold() throws Exception {
    try (ServedRoutes served = new ServedRoutes(new AutoscalingRoutes(dispatcher))) {
      assertAnswer(
          200,
          "{\"queued\":0,\"oldestSeconds\":0.0,\"inFlight\":0,\"streams\":0,\"utilisation\":0.0}",
          served.get("/api/autoscaling"));
      offer(1);
      offer(2);
      ticker.advance(Duration.ofMillis(1500));
      connect();
      assertAnswer(
          200,
          "{\"queued\":1,\"oldestSeconds\":1.5,\"inFlight\":1,\"streams\":1,\"utilisation\":1.0}",
          served.get("/api/autoscaling"));
    }
  }

  private void offer(long id) {
    Action action =
        new Action(
            id, "user_login", Action.Encoding.JSON, new byte[] {'{', '}'}, null, Instant.EPOCH);
    dispatcher.offer(Delivery.async(action, "test", null, outcome -> {}));
  }

  private void connect() {
    dispatcher.connect(
        "worker",
        ActionNames.ALL,
        1,
        new Target() {
          @Override
          public void lease(Lease lease) {}

          @Override
          public void end() {}
        });
  }

  private Operator operator() {
    return new Operator(
        dispatcher,
        new Sources(Map.of()),
        null,
        List::of,
        () -> Operator.Phase.RUNNING,
        "none",
        () -> {});
  }

  private static void assertAnswer(int status, String body, HttpResponse<byte[]> response) {
    assertEquals(body, new String(response.body(), UTF_8));
    assertEquals(status, response.statusCode());
  }
}
