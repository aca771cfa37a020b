package org.osprey.coordinator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.http.HttpFixture.Answer;

class HttpServerTest {
  private final HttpFixture http = new HttpFixture();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void anUnknownPathIsAProblem() {
    Answer answer = http.get("/api/nothing");
    assertEquals(404, answer.status());
    assertEquals("application/problem+json", answer.type());
    assertEquals("Endpoint GET /api/nothing not found", answer.detail());
    assertEquals("/api/nothing", answer.json().get("instance").asString());
  }

  @Test
  void aWrongMethodIsAProblem() {
    Answer answer = http.post("/api/queue");
    assertEquals(405, answer.status());
    assertEquals("GET", answer.response().headers().firstValue("Allow").orElse(""));
    assertEquals("the path takes GET", answer.detail());
    assertEquals("application/problem+json", answer.type());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void anotherSiteMustNotSteer(String site) {
    Answer answer =
        http.send(
            http.request("/api/drain")
                .header("Sec-Fetch-Site", site)
                .POST(BodyPublishers.noBody()));
    assertEquals(403, answer.status());
    assertEquals("application/problem+json", answer.type());
    assertEquals(0, http.drains.get());
  }

  @Test
  void itsOwnPagesMay() {
    Answer answer =
        http.send(
            http.request("/api/drain")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.noBody()));
    assertEquals(202, answer.status());
    assertEquals(1, http.drains.get());
  }

  @Test
  void aBodyThatIsTooLargeIsAProblem() {
    Answer answer =
        http.post("/api/dead-letters/purge", "{\"source\":\"" + "x".repeat(20_000) + "\"}");
    assertEquals(413, answer.status());
    assertEquals("application/problem+json", answer.type());
  }

  @Test
  void whoIsStillSendingHearsItToo() {
    for (int i = 0; i < 5; i++) {
      assertEquals(413, http.post("/api/dead-letters/purge", "x".repeat(10_000_000)).status());
    }
  }

  @Test
  void pagesMayLoadOnlyWhatIsHere() {
    Answer answer = http.get("/docs");
    assertEquals(200, answer.status());
    String policy = answer.response().headers().firstValue("Content-Security-Policy").orElseThrow();
    assertTrue(policy.startsWith("default-src 'self';"), policy);
    assertFalse(answer.body().contains("https:"), answer.body());
    assertEquals(200, http.get("/docs/swagger-ui-bundle.js").status());
    assertEquals(200, http.get("/docs/swagger-ui.css").status());
    assertEquals(200, http.get("/docs/start.js").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs/%2e%2e%2fopenapi.yaml", "/docs/none.js", "/docs/package.json"})
  void nothingElseIsServed(String path) {
    int status = http.get(path).status();
    assertTrue(status == 404 || status == 400, path + " " + status);
  }

  @Test
  void theContractIsServed() {
    Answer answer = http.get("/api/openapi.yaml");
    assertEquals("application/yaml", answer.type());
    assertTrue(answer.body().startsWith("openapi: 3.1.0"));
  }
}
