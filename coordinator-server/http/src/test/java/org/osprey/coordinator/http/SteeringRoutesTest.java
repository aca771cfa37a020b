package org.osprey.coordinator.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.http.HttpFixture.Answer;
import tools.jackson.databind.JsonNode;

class SteeringRoutesTest {
  private final HttpFixture http = new HttpFixture();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void workersAreListedWithWhatTheyHold() {
    assertEquals("{\"connected\":0,\"workers\":[]}", http.get("/api/workers").body());
    http.workers.connect();
    offer(7);
    JsonNode answer = http.get("/api/workers").json();
    assertEquals(1, answer.get("connected").asInt());
    JsonNode worker = answer.get("workers").get(0);
    assertEquals("1", worker.get("id").asString());
    assertEquals("contract", worker.get("client_id").asString());
    assertEquals("*", worker.get("actions").asString());
    assertEquals(1, worker.get("in_flight").asInt());
    assertEquals(0, worker.get("acks").asInt());
    http.workers.ackAll();
    worker = http.get("/api/workers").json().get("workers").get(0);
    assertEquals(0, worker.get("in_flight").asInt());
    assertEquals(1, worker.get("acks").asInt());
    assertEquals(0, worker.get("nacks").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "many", "", "1e3"})
  void aLimitIsChecked(String limit) {
    Answer answer = http.get("/api/workers?limit=" + limit);
    assertEquals(400, answer.status());
    assertTrue(answer.detail().startsWith("limit: want a whole number"), answer.detail());
  }

  @Test
  void aDisconnectedWorkerGetsNothingMore() {
    http.workers.connect();
    assertEquals(202, http.post("/api/workers/1/disconnect").status());
    offer(7);
    assertEquals(1, http.get("/api/queue").json().at("/lanes/async/waiting").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "x", "-1", "99999999999999999999"})
  void anUnknownWorkerIsNotFound(String id) {
    Answer answer = http.post("/api/workers/" + id + "/disconnect");
    assertEquals(404, answer.status());
    assertEquals("id: no stream '" + id + "' is connected", answer.detail());
  }

  @Test
  void sourcesArePausedAndResumed() {
    JsonNode source = http.get("/api/sources").json().get("sources").get(0);
    assertEquals(
        "{\"name\":\"orders\",\"paused\":false,\"healthy\":true,\"detail\":\"connected\"}",
        source.toString());
    assertTrue(http.post("/api/sources/orders/pause").json().get("paused").asBoolean());
    assertTrue(http.source.paused);
    assertFalse(http.post("/api/sources/orders/resume").json().get("paused").asBoolean());
    assertFalse(http.source.paused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume"})
  void anUnknownSourceIsNotFound(String order) {
    Answer answer = http.post("/api/sources/other/" + order);
    assertEquals(404, answer.status());
    assertEquals("name: no source is called other; there are [orders]", answer.detail());
  }

  @Test
  void theQueueShowsWhatWaits() {
    offer(7);
    offer(8);
    JsonNode queue = http.get("/api/queue").json();
    assertEquals(2, queue.at("/lanes/async/waiting").asInt());
    assertEquals(2, queue.at("/lanes/async/unfinished").asInt());
    assertEquals(0, queue.at("/lanes/sync/waiting").asInt());
    assertEquals(2, queue.at("/counts/async_accepted").asInt());
    assertEquals(0, queue.get("leased").asInt());
  }

  @Test
  void endedActionsAreListedTheNewestFirst() {
    http.workers.connect();
    offer(-1);
    http.workers.ackAll();
    offer(8);
    http.workers.ackAll();
    await().until(() -> http.get("/api/actions/recent").json().get("actions").size() == 2);
    JsonNode recent = http.get("/api/actions/recent").json().get("actions");
    assertEquals("8", recent.get(0).get("id").asString());
    assertEquals("18446744073709551615", recent.get(1).get("id").asString());
    assertEquals("acked", recent.get(0).get("outcome").asString());
    assertEquals("async", recent.get(0).get("lane").asString());
    assertTrue(Instant.parse(recent.get(0).get("ended_at").asString()).isAfter(Instant.EPOCH));
  }

  @Test
  void drainIsPassedOn() {
    assertEquals(202, http.post("/api/drain").status());
    assertEquals(1, http.drains.get());
  }

  private void offer(long id) {
    Action action =
        new Action(id, "login", Action.Encoding.JSON, new byte[] {'{', '}'}, null, Instant.EPOCH);
    Delivery delivery = Delivery.async(action, "orders", null, outcome -> {});
    http.workers.dispatcher().offer(delivery);
  }
}
