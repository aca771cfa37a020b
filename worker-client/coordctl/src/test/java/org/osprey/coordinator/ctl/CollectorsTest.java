package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.ctl.FakeCoordinator.Request;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;

/** What goes out for collectors, and what is made of the answers. */
class CollectorsTest {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final String DNS =
      """
      {"name":"dns","kind":"dns","enabled":true,"state":"running","healthy":true,\
      "detail":"12 names","restarts":2,"last_event":"2026-11-22T03:00:00.123Z","stray_threads":0,\
      "when_full":"spill","buffer":{"capacity":100,"bytes":4096,"utilization":0.256},\
      "ledger":{"received":1000,"recovered":7,"published":900,"dropped":{"full_newest":30,\
      "unconfirmed":7,"stopped":0},"sampled_out":20,"queued":25,"spilled":25}}\
      """;
  private static final String BAD =
      """
      {"name":"bad","kind":"kubelet","enabled":true,"state":"backing_off","healthy":false,\
      "detail":"no such\\u001b host","restarts":4,"stray_threads":1,"when_full":"block"}\
      """;

  private final FakeCoordinator fake = new FakeCoordinator();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void collectorsAreListed() {
    String answer = list(BAD + "," + DNS, false);
    fake.answering("/api/collectors", 200, JSON, answer);
    Shell.Run run = collectors("list");
    assertEquals(0, run.status(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(
        lines
            .get(0)
            .matches(
                "NAME +KIND +STATE +HEALTH +BUFFER +PUBLISHED +DROPPED +SPILLED +RESTARTS"
                    + " +LAST EVENT +DETAIL"),
        lines::toString);
    assertEquals(
        List.of("bad", "kubelet", "backing off", "failing", "0", "0", "0", "4", "no such? host"),
        List.of(lines.get(1).strip().split(" {2,}")));
    assertEquals(
        List.of(
            "dns",
            "dns",
            "running",
            "ok",
            "26%",
            "900",
            "37",
            "25",
            "2",
            "2026-11-22T03:00:00Z",
            "12 names"),
        List.of(lines.get(2).strip().split(" {2,}")));
    assertEquals(Json.read(answer), Json.read(collectors("list", "-o", "json").out()));
  }

  @Test
  void noCollectorsAreNoTableAndARefusedConfigurationIsTold() {
    fake.answering("/api/collectors", 200, JSON, list("", false));
    assertEquals(new Shell.Run(0, "no collectors\n", ""), collectors("list"));
    fake.answering("/api/collectors", 200, JSON, list("", true));
    assertEquals(
        "no collectors\nthe newest configuration was refused, an older one runs: see reload\n",
        collectors("list").out());
    assertEquals(Json.read(list("", true)), Json.read(collectors("list", "-o", "json").out()));
  }

  @Test
  void aCollectorIsShownWithItsLedger() {
    fake.answering("/api/collectors/dns", 200, JSON, DNS);
    Shell.Run run = collectors("show", "dns");
    assertEquals(0, run.status(), run.err());
    assertTrue(
        run.out().matches("(?s).*\\Rdropped +37: full newest 30, unconfirmed 7\\R.*"), run.out());
    assertTrue(run.out().matches("(?s).*\\Rwhen full +spill\\R.*"), run.out());
    assertTrue(run.out().matches("(?s).*\\Rspilled +25\\R"), run.out());
    assertEquals(Json.read(DNS), Json.read(collectors("show", "dns", "-o", "json").out()));
    fake.answering("/api/collectors/bad", 200, JSON, BAD);
    assertTrue(collectors("show", "bad").out().matches("(?s).*\\Rwhen full +block\\R"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"enable", "disable", "restart"})
  void collectorsAreSteeredOneAfterTheOther(String verb) {
    fake.answering("/api/collectors/dns/" + verb, 200, JSON, DNS);
    fake.answering("/api/collectors/a b/" + verb, 200, JSON, BAD);
    Shell.Run run = collectors(verb, "dns", "a b");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        List.of("POST /api/collectors/dns/" + verb, "POST /api/collectors/a%20b/" + verb),
        fake.requests().stream().map(Request::line).toList());
    assertTrue(run.out().lines().toList().get(1).startsWith("dns "), run.out());
    JsonNode document = Json.read(collectors(verb, "dns", "-o", "json").out());
    assertEquals(Json.read(DNS), document.path("collectors").path(0));
  }

  @Test
  void aReloadSaysWhatItDid() {
    String answer =
        """
        {"started":["a","b"],"stopped":[],"restarted":["c"],"unchanged":["d"],\
        "need_restart":["orchestrator.workers"],"warnings":["f: unknown kind"]}\
        """;
    fake.answering("/api/collectors/reload", 200, JSON, answer);
    Shell.Run run = collectors("reload");
    assertEquals(0, run.status(), run.err());
    assertTrue(
        run.out()
            .matches(
                "started +a, b\\R(stopped *\\R)?restarted +c\\Runchanged +d\\R"
                    + "need restart +orchestrator.workers\\Rwarning: f: unknown kind\\R"),
        run.out());
    assertEquals(Json.read(answer), Json.read(collectors("reload", "-o", "json").out()));
  }

  @Test
  void aRefusedConfigurationIsToldMistakeByMistake() {
    fake.answering(
        "/api/collectors/reload",
        400,
        PROBLEM,
        "{\"title\":\"Bad Request\",\"detail\":\"2 mistakes\",\"mistakes\":[\"one\",\"two\\u001b\"]}");
    assertEquals(
        new Shell.Run(1, "", "coordctl: 2 mistakes (400 Bad Request)\n  one\n  two?\n"),
        collectors("reload"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "enable", "disable", "restart", "reload now"})
  void whatIsWrongIsNotSent(String words) {
    Shell.Run run = collectors(words.split(" "));
    assertEquals(2, run.status(), run.err());
    assertTrue(run.err().startsWith("coordctl: "), run.err());
    assertEquals(List.of(), fake.requests());
  }

  @Test
  void aRefusalIsToldAsItCame() {
    fake.answering(
        "/api/collectors/dns/enable",
        409,
        PROBLEM,
        "{\"title\":\"Conflict\",\"detail\":\"name: dns is stuck\"}");
    assertEquals(
        new Shell.Run(1, "", "coordctl: name: dns is stuck (409 Conflict)\n"),
        collectors("enable", "dns"));
  }

  private static String list(String collectors, boolean lastFailed) {
    return """
        {"collectors":[%s],"reloads":{"succeeded":1,"failed":1,"last_failed":%s,\
        "config_hash":"c0ffee"}}\
        """
        .formatted(collectors, lastFailed);
  }

  private Shell.Run collectors(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "collectors";
    System.arraycopy(words, 0, all, 1, words.length);
    return new Shell().variable("OSPREY_COORDINATOR_URL", fake.url()).run(all);
  }
}
