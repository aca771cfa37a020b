package org.osprey.coordinator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.http.HttpFixture.Answer;

class HealthRoutesTest {
  private final HttpFixture http = new HttpFixture();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void allIsWell() {
    assertAnswer(
        200,
        "{\"status\":\"ok\",\"consumer_type\":\"orders\",\"checks\":[{\"component\":\"database\","
            + "\"healthy\":true,\"detail\":\"there\"}]}",
        "/health");
    assertAnswer(200, "{\"status\":\"alive\"}", "/health/live");
    assertAnswer(200, "{\"status\":\"ready\"}", "/health/ready");
  }

  @Test
  void aFailedPartShows() {
    http.checks.add(Check.failed("etcd", "not reached"));
    Answer answer = http.get("/health");
    assertEquals(503, answer.status());
    assertEquals("failing", answer.json().get("status").asString());
    assertEquals("not reached", answer.json().at("/checks/1/detail").asString());
    assertEquals(200, http.get("/health/live").status());
    assertEquals(200, http.get("/health/ready").status());
  }

  @Test
  void aSourceThatIsNotConnectedIsNotReady() {
    http.source.check = Check.failed("orders", "no broker");
    assertAnswer(
        503, "{\"status\":\"not ready\",\"reasons\":[\"orders: no broker\"]}", "/health/ready");
    assertEquals(200, http.get("/health/live").status());
  }

  @Test
  void aStuckLoopWantsARestart() {
    http.loops.add(Check.failed("ticks", "no progress for 11 s"));
    String reasons = "\"reasons\":[\"ticks: no progress for 11 s\"]}";
    assertAnswer(503, "{\"status\":\"stuck\"," + reasons, "/health/live");
  }

  @Test
  void whoStartsOrDrainsIsAliveAndNotReady() {
    for (Operator.Phase phase :
        new Operator.Phase[] {Operator.Phase.STARTING, Operator.Phase.DRAINING}) {
      http.phase = phase;
      String name = Views.lower(phase);
      assertEquals(name, http.get("/health").json().get("status").asString());
      assertAnswer(
          503, "{\"status\":\"not ready\",\"reasons\":[\"" + name + "\"]}", "/health/ready");
      assertEquals(200, http.get("/health/live").status());
    }
  }

  private void assertAnswer(int status, String body, String path) {
    Answer answer = http.get(path);
    assertEquals(body, answer.body());
    assertEquals(status, answer.status());
    assertEquals("application/json", answer.type());
  }
}
