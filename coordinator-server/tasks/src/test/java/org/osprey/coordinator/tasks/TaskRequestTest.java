package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.tasks.ServiceSettings.Batch;
import org.osprey.coordinator.tasks.TaskRequest.Call;
import org.osprey.coordinator.tasks.TaskRequest.MalformedException;

class TaskRequestTest {
  private static final ServiceSettings REVENUE =
      ServiceSettings.of("revenue", URI.create("http://localhost:8001/revenue"));
  private static final ServiceSettings REBATES =
      ServiceSettings.of("rebates", URI.create("http://localhost:8002/rebates"));

  @Test
  void itemsAreGroupedByService() throws MalformedException {
    TaskRequest task =
        read(
            """
            {"task_name": "t", "task_description": "d", "more": 1, "payload": [
              {"rebates": {"scenario_id": "a", "n": 1.50}, "revenue": {"scenario_id": "b"}},
              {"revenue": {"business_type_id": "c"}, "rebates": null}]}
            """);
    assertEquals("t", task.name());
    assertEquals("d", task.description());
    assertEquals(
        List.of(
            new Call("revenue", "[{\"scenario_id\":\"b\"},{\"business_type_id\":\"c\"}]", "b", "c"),
            new Call("rebates", "[{\"scenario_id\":\"a\",\"n\":1.50}]", "a", null)),
        task.calls());
    assertTrue(task.payload().startsWith("[{\"rebates\":{\"scenario_id\":\"a\",\"n\":1.50}"));
  }

  @Test
  void aServiceMayWantOneCallForEachItem() throws MalformedException {
    ServiceSettings usual = REVENUE;
    ServiceSettings each =
        new ServiceSettings(
            usual.name(),
            URI.create("http://localhost:8001/revenue"),
            Batch.ITEM,
            usual.timeout(),
            usual.retries(),
            usual.firstBackoff(),
            usual.longestBackoff(),
            usual.totalTimeout(),
            usual.concurrency());
    TaskRequest task =
        TaskRequest.read(
            body("[{\"revenue\":{\"scenario_id\":\"a\"}},{\"revenue\":{}}]"), List.of(each));
    assertEquals(List.of("[{\"scenario_id\":\"a\"}]", "[{}]"), items(task));
    assertNull(task.calls().get(1).scenarioId());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | payload: is missing, want an array of items",
        "[] | the body: is of type array, want an object",
        "nope | the body is not valid JSON",
        "'' | the body: is missing, want an object",
        "{\"payload\":[]} | payload: has 0 items, want 1 to 10000",
        "{\"payload\":{}} | payload: is of type object, want an array of items",
        "{\"payload\":[3]} | payload[0]: is of type number, want an object",
        "{\"payload\":[{}]} | payload[0]: has nothing for any service, want some of [revenue,",
        "{\"payload\":[{\"revenue\":null}]} | payload[0]: has nothing for any service",
        "{\"payload\":[{\"revenue\":{}},{\"revenu\":{}}]} | payload[1].revenu: no such service",
        "{\"payload\":[{\"revenue\":[]}]} | payload[0].revenue: is of type array, want an object",
        "{\"payload\":[{\"revenue\":{}}]} | task_name: is missing, want a string",
        "{\"payload\":[{\"revenue\":{}}],\"task_name\":3} | task_name: is of type number",
        "{\"payload\":[{\"revenue\":{}}],\"task_name\":\" \"} | task_name: has 1 characters",
        "{\"payload\":[{\"revenue\":{}}],\"task_name\":\"t\"} | task_description: is missing",
        "{\"payload\":[{\"revenue\":{}}],\"task_name\":\"\\u0000\"} | task_name: has a NUL character",
        "{\"payload\":[{\"revenue\":{}}],\"task_name\":\"\\ud800\"} | task_name: has half a",
        "{\"payload\":[{\"revenue\":{\"scenario_id\":\"\\u0000\"}}]}"
            + " | payload[0].revenue.scenario_id: has a NUL character",
        "{\"payload\":[{\"revenue\":{\"business_type_id\":\"\\u0000\"}}]}"
            + " | payload[0].revenue.business_type_id: has a NUL character",
        "{\"payload\":[{\"revenue\":{\"a\":\"\\udc00\"}}],\"task_name\":\"t\"} | payload: has half a",
      })
  void mistakesAreNamed(String body, String problem) {
    MalformedException e = assertThrows(MalformedException.class, () -> read(body));
    assertTrue(String.valueOf(e.getMessage()).startsWith(problem), e.getMessage());
  }

  private static TaskRequest read(String json) throws MalformedException {
    return TaskRequest.read(json.getBytes(UTF_8), List.of(REVENUE, REBATES));
  }

  private static byte[] body(String payload) {
    return "{\"task_name\":\"t\",\"task_description\":\"\",\"payload\":%s}"
        .formatted(payload)
        .getBytes(UTF_8);
  }

  private static List<String> items(TaskRequest task) {
    return task.calls().stream().map(Call::items).toList();
  }
}
