package org.osprey.coordinator.collectors.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.collectors.gateway.CollectorServer.Answer;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.Reload;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadRunningException;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadStats;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.settings.ConfigException;
import tools.jackson.databind.JsonNode;

class CollectorRoutesTest {
  private final CollectorServer server = new CollectorServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void collectorsAreListedWithTheStateOfTheConfiguration() {
    assertEquals(
        """
        {"collectors":[],"reloads":{"succeeded":0,"failed":0,"last_failed":false,\
        "config_hash":"c0ffee"}}""",
        server.get("/api/collectors").body());
    server.collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    server.collectors.put("bad", Phase.STUCK, false, "start hangs", null);
    server.collectors.reloaded(new ReloadStats(3, 1, true, "f00d"));
    JsonNode answer = server.get("/api/collectors").json();
    assertEquals("bad", answer.at("/collectors/0/name").asString());
    assertEquals("dns", answer.at("/collectors/1/name").asString());
    assertEquals(
        "{\"succeeded\":3,\"failed\":1,\"last_failed\":true,\"config_hash\":\"f00d\"}",
        answer.get("reloads").toString());
  }

  @Test
  void aCollectorIsShownWithItsLedger() {
    server.collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    Answer answer = server.get("/api/collectors/dns");
    assertEquals(200, answer.status());
    assertEquals(
        """
        {"name":"dns","kind":"generator","enabled":true,"state":"running","healthy":true,\
        "detail":"running","restarts":2,"last_event":"2026-11-22T03:00:00Z","stray_threads":0,\
        "when_full":"drop-newest","buffer":{"capacity":100,"bytes":4096,"utilization":0.25},\
        "ledger":{"received":1000,"recovered":7,"published":900,"dropped":{"full_newest":30,\
        "full_oldest":0,"unconfirmed":7,"too_large":0,"refused":0,"corrupt":0,"stopped":0},\
        "sampled_out":20,"queued":25,"spilled":25}}""",
        answer.body());
  }

  @Test
  void whatNeverEmittedHasNoLedger() {
    server.collectors.put("bad", Phase.BACKING_OFF, false, "no such host", null);
    JsonNode shown = server.get("/api/collectors/bad").json();
    assertEquals("backing_off", shown.get("state").asString());
    assertFalse(shown.get("healthy").asBoolean());
    assertEquals("no such host", shown.get("detail").asString());
    assertFalse(shown.has("ledger") || shown.has("buffer") || shown.has("last_event"));
  }

  @ParameterizedTest
  @CsvSource({"disable, disabled, false", "restart, starting, true", "enable, running, true"})
  void aCollectorIsSteeredAndShown(String verb, String state, boolean enabled) {
    server.collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    Answer answer = server.post("/api/collectors/dns/" + verb);
    assertEquals(200, answer.status(), answer.body());
    assertEquals(state, answer.json().get("state").asString());
    assertEquals(enabled, answer.json().get("enabled").asBoolean());
    assertEquals(answer.body(), server.get("/api/collectors/dns").body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"enable", "disable", "restart"})
  void whatIsUnknownIsNotFoundAndWhatCannotBeIsAConflict(String verb) {
    Answer unknown = server.post("/api/collectors/none/" + verb);
    assertEquals(404, unknown.status());
    assertEquals("name: no collector is called none", unknown.detail());
    server.collectors.put("bad", Phase.STUCK, false, "start hangs", null);
    Answer refused = server.post("/api/collectors/bad/" + verb);
    assertEquals(409, refused.status());
    assertEquals("name: bad is stuck, want its threads to end", refused.detail());
  }

  @Test
  void aCollectorThatIsNotThereIsNotFound() {
    Answer answer = server.get("/api/collectors/none");
    assertEquals(404, answer.status());
    assertEquals("name: there is no such collector", answer.detail());
  }

  @Test
  void otherSitesSteerNothing() {
    server.collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    Answer answer = server.post("/api/collectors/dns/disable", "Sec-Fetch-Site", "cross-site");
    assertEquals(403, answer.status());
    assertTrue(server.get("/api/collectors/dns").json().get("enabled").asBoolean());
    assertEquals(
        403, server.post("/api/collectors/reload", "Sec-Fetch-Site", "same-site").status());
  }

  @Test
  void aReloadSaysWhatItDid() {
    server.collectors.reloading(
        () ->
            new Reload(
                List.of("a"),
                List.of("b"),
                List.of("c"),
                List.of("d", "e"),
                List.of("orchestrator.workers"),
                List.of("f: unknown kind")));
    Answer answer = server.post("/api/collectors/reload");
    assertEquals(200, answer.status());
    assertEquals(
        """
        {"started":["a"],"stopped":["b"],"restarted":["c"],"unchanged":["d","e"],\
        "need_restart":["orchestrator.workers"],"warnings":["f: unknown kind"]}""",
        answer.body());
  }

  @Test
  void aReloadTellsAllMistakesAtOnce() {
    List<String> mistakes =
        List.of("c.yaml:3: orchestrator.workers: got \"65\"", "c.yaml:9: collectors.dsn: unknown");
    server.collectors.reloading(
        () -> {
          throw new ConfigException(mistakes);
        });
    Answer answer = server.post("/api/collectors/reload");
    assertEquals(400, answer.status());
    assertEquals("the configuration has 2 mistakes, everything stays as it is", answer.detail());
    assertEquals(
        mistakes, answer.json().get("mistakes").valueStream().map(JsonNode::asString).toList());
  }

  @Test
  void aReloadDuringAnotherIsAConflict() {
    server.collectors.reloading(
        () -> {
          throw new ReloadRunningException();
        });
    Answer answer = server.post("/api/collectors/reload");
    assertEquals(409, answer.status());
    assertEquals("a reload is under way, try again when it is done", answer.detail());
    assertFalse(answer.json().has("mistakes"));
  }
}
