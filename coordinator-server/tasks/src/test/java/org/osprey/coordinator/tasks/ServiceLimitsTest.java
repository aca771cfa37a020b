package org.osprey.coordinator.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.tasks.ServiceSettings.Batch;
import org.osprey.coordinator.tasks.ServiceSettings.Destination;
import tools.jackson.databind.JsonNode;

/** Settings of single services, from the request to the row. */
@Timeout(120)
class ServiceLimitsTest {
  @TempDir private Path folder;
  private final FakeService service = new FakeService();

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void moreThanTheRateWaitsInTheDatabase() {
    try (TaskServer server = server(http(0.01, true))) {
      String task = submitted(server, 3);
      await().until(() -> service.calls.get() == 1);
      String later = submitted(server, 1);
      await().until(() -> statuses(server, task).contains("COMPLETED"));
      assertEquals(List.of("COMPLETED", "PENDING", "PENDING"), statuses(server, task));
      assertEquals(List.of("PENDING"), statuses(server, later));
      assertEquals(1, service.calls.get());
    }
  }

  @Test
  void whatMayHaveBeenDoneIsNotRepeatedWhereThatIsForbidden() {
    service.answers = call -> 500;
    try (TaskServer server = server(http(0, false))) {
      JsonNode ended = ended(server, submitted(server, 1));
      assertEquals("FAILED", ended.get("status").asString());
      String error = ended.at("/service_requests/0/error_message").asString();
      assertTrue(error.startsWith("status 500"), error);
      assertTrue(error.endsWith("; it may have been carried out"), error);
      assertEquals(1, service.calls.get());
    }
  }

  @Test
  void aRefusalForNowIsRepeatedAllTheSame() {
    service.answers = call -> call < 3 ? 429 : 200;
    try (TaskServer server = server(http(0, false))) {
      JsonNode ended = ended(server, submitted(server, 1));
      assertEquals("COMPLETED", ended.get("status").asString());
      assertEquals(3, service.calls.get());
    }
  }

  @Test
  void theAnswersOfSingleItemsAreInAnArray() {
    service.answers = call -> call < 3 ? 200 : 400;
    try (TaskServer server = server(http(0, true))) {
      JsonNode answer = TaskServer.json(server.post("/api/orchestrate/direct", task(3)));
      assertEquals("partial_success", answer.get("status").asString());
      assertEquals(3, answer.at("/results/one").size());
      assertEquals(2, answer.at("/results/one").valueStream().filter(JsonNode::isObject).count());
      assertTrue(answer.at("/errors/one").asString().startsWith("status 400"), answer::toString);
    }
  }

  @Test
  void workersDoWhatIsTheirs() {
    Dispatcher dispatcher =
        new Dispatcher(
            DispatcherSettings.DEFAULTS,
            Ticker.system(),
            InstantSource.system(),
            new Random(1),
            new InMemoryDeadLetters(),
            null);
    try (TaskServer server = server(settings(new Destination.Pool("score"), 0, true))) {
      String task = submitted(server, 1);
      await().until(() -> attempts(server, task) > 3);
      Source workers = server.tasks.workers();
      assertNotNull(workers);
      connect(dispatcher);
      workers.start(dispatcher);
      JsonNode ended = ended(server, task);
      assertEquals("COMPLETED", ended.get("status").asString(), ended::toString);
      assertEquals("success", ended.at("/service_requests/0/response_payload/status").asString());
      workers.close();
    }
  }

  /** It nacks two times before it acks. */
  private static void connect(Dispatcher dispatcher) {
    AtomicInteger leases = new AtomicInteger();
    dispatcher.connect(
        "worker",
        ActionNames.ALL,
        1,
        new Target() {
          @Override
          public void lease(Lease lease) {
            if (leases.incrementAndGet() < 3) {
              dispatcher.nack(lease.stream(), lease.ackId());
            } else {
              dispatcher.ack(lease.stream(), lease.ackId(), Outcome.Acked.EMPTY);
            }
          }

          @Override
          public void end() {}
        });
  }

  private TaskServer server(ServiceSettings settings) {
    return new TaskServer(
        DatabaseSettings.builder().file(folder.resolve("test.db")).build(),
        List.of(settings),
        Set.of());
  }

  private ServiceSettings http(double rate, boolean repeatUnknown) {
    return settings(new Destination.Http(service.url()), rate, repeatUnknown);
  }

  private static ServiceSettings settings(
      Destination destination, double rate, boolean repeatUnknown) {
    return new ServiceSettings(
        "one",
        destination,
        Batch.ITEM,
        Duration.ofSeconds(20),
        3,
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMinutes(1),
        8,
        rate,
        repeatUnknown);
  }

  private static String submitted(TaskServer server, int items) {
    return TaskServer.json(server.post("/api/orchestrate", task(items))).get("task_id").asString();
  }

  private static String task(int items) {
    return "{\"task_name\":\"n\",\"task_description\":\"d\",\"payload\":[%s]}"
        .formatted(String.join(",", Collections.nCopies(items, "{\"one\":{}}")));
  }

  private static JsonNode ended(TaskServer server, String task) {
    return TaskServer.json(server.get("/api/tasks/" + task + "?wait=60s"));
  }

  private static List<String> statuses(TaskServer server, String task) {
    JsonNode requests = TaskServer.json(server.get("/api/tasks/" + task)).get("service_requests");
    return requests.valueStream().map(request -> request.get("status").asString()).toList();
  }

  private static int attempts(TaskServer server, String task) {
    return TaskServer.json(server.get("/api/tasks/" + task))
        .at("/service_requests/0/attempts")
        .asInt();
  }
}
