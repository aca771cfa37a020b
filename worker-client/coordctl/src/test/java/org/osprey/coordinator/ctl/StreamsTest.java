package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.ctl.FakeCoordinator.Request;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;

/** What goes out for streams, and what is made of the answers. */
class StreamsTest {
  private static final String JSON = "application/json";
  private static final String STATE =
      """
      {"stream_id":"show","current_scene":"Main","current_time":5000,"time_remaining":10000,\
      "progress_percentage":33.333,"is_running":true,"is_paused":false,"is_complete":false,\
      "scene_index":1,"epoch":3,"seq":7,"server_time":1,"mode":"running","loop":2,\
      "scene_time_remaining":8000}\
      """;
  private static final String CONFIG =
      """
      {"scenes":[{"name":"Intro","duration_ms":3000},\
      {"name":"Main","duration_ms":10000,"action_name":"cue","data":{}},\
      {"name":"Outro","duration_ms":2000}],\
      "tick_interval_ms":100,"loop_scenes":true,"on_empty":"pause","missed_scenes":"skip"}\
      """;
  private static final String STREAM =
      """
      {"stream_id":"show","state":%s,"config":%s,\
      "subscribers":{"total":3,"active":2,"stale":1,"unique_clients":2},"instance":"one"}\
      """
          .formatted(STATE, CONFIG);
  private static final String CHANGED =
      "{\"stream_id\":\"show\",\"message\":\"well done\",\"state\":" + STATE + "}";

  @TempDir private Path folder;
  private final FakeCoordinator fake = new FakeCoordinator();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void streamsAreListedInPages() {
    String next = "</streams?limit=1&after=show>; rel=\"next\"";
    fake.answering(
        "/streams",
        new FakeCoordinator.Answer(200, JSON, "[" + STREAM + "]", Map.of("Link", next)));
    Shell.Run run = streams("list", "--limit", "1", "--after", "a b");
    assertEquals(0, run.status(), run.err());
    assertEquals("GET /streams?limit=1&after=a+b", fake.requests().getFirst().line());
    List<String> lines = run.out().lines().toList();
    assertTrue(
        lines.get(0).matches("ID +MODE +SCENE +LEFT +DONE +LOOP +WATCHING +STALE +INSTANCE"));
    assertEquals(
        List.of("show", "running", "Main", "8 s", "33.3%", "2", "3", "1", "one"),
        List.of(lines.get(1).strip().split(" {2,}")));
    assertEquals("there are more: --after show", lines.get(2));
    JsonNode document = Json.read(streams("list", "-o", "json").out());
    assertEquals("show", document.path("next").asString());
    assertEquals(Json.read(STREAM), document.path("streams").path(0));
  }

  @Test
  void noStreamsAreNoTable() {
    fake.answering("/streams", 200, JSON, "[]");
    assertEquals(new Shell.Run(0, "no streams\n", ""), streams("list"));
    assertEquals("{\n  \"streams\" : [ ]\n}\n", streams("list", "-o", "json").out());
  }

  @Test
  void aStreamIsShownWithItsScenes() {
    fake.answering("/streams/show", 200, JSON, STREAM);
    Shell.Run run = streams("show", "show");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().matches("(?s).*\\Rdone +33.3% of 15 s\\Rloop +2\\Rtick +100 ms\\R.*"));
    assertTrue(
        run.out().matches("(?s).*\\Rwatching +3 \\(2 active, 1 stale, 2 clients\\)\\R.*"),
        run.out());
    assertTrue(run.out().matches("(?s).*\\R +1  Intro +0 s +3 s\\R.*"), run.out());
    assertTrue(run.out().matches("(?s).*\\R +2  Main +3 s +10 s +8 s  cue\\R.*"), run.out());
    assertEquals(Json.read(STREAM), Json.read(streams("show", "show", "-o", "json").out()));
  }

  @Test
  void aStreamIsCreatedOfScenes() {
    fake.answering("/streams", 201, JSON, "{\"stream_id\":\"show\",\"message\":\"it is there\"}");
    Shell.Run run =
        streams(
            "create",
            "--id",
            "show",
            "--scene",
            "In=tro=3s",
            "--scene",
            "Main=1500ms",
            "--loop",
            "--tick",
            "50ms",
            "--grace",
            "1m",
            "--on-empty",
            "restart",
            "--missed",
            "fire_last");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        List.of(
            new Request(
                "POST /streams",
                JSON,
                "{\"scenes\":[{\"name\":\"In=tro\",\"duration_ms\":3000},"
                    + "{\"name\":\"Main\",\"duration_ms\":1500}],\"loop_scenes\":true,"
                    + "\"tick_interval_ms\":50,\"grace_period_ms\":60000,"
                    + "\"on_empty\":\"restart\",\"missed_scenes\":\"fire_last\","
                    + "\"stream_id\":\"show\"}")),
        fake.requests());
    assertTrue(run.out().matches("id +show\\Rmessage +it is there\\R"), run.out());
  }

  @Test
  void aStreamIsCreatedOfAFile() throws IOException {
    fake.answering("/streams", 201, JSON, "{\"stream_id\":\"show\"}");
    Path yaml =
        Files.writeString(
            folder.resolve("scenes.yaml"),
            """
            # of the show
            scenes:
              - {name: Intro, duration_ms: 3000}
              - name: "10"
                duration_ms: 10000
                action_name: cue
                data: {gain: 1.5}
            tick_interval_ms: 1000
            """);
    String sent =
        "{\"scenes\":[{\"name\":\"Intro\",\"duration_ms\":3000},{\"name\":\"10\","
            + "\"duration_ms\":10000,\"action_name\":\"cue\",\"data\":{\"gain\":1.5}}],"
            + "\"tick_interval_ms\":100}";
    assertEquals(0, streams("create", "--file", yaml.toString(), "--tick", "100ms").status());
    assertEquals(sent, fake.requests().getLast().body());
    // Tabs are no YAML.
    Path json = Files.writeString(folder.resolve("scenes.json"), "\n\t" + CONFIG);
    assertEquals(0, streams("create", "--file", json.toString()).status());
    assertEquals(Json.read(CONFIG), Json.read(fake.requests().getLast().body()));
    assertEquals(0, shell().typing(CONFIG).run("streams", "create", "--file", "-").status());
    assertEquals(Json.read(CONFIG), Json.read(fake.requests().getLast().body()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create",
        "create --scene Intro",
        "create --scene =3s",
        "create --scene Intro=3",
        "create --scene Intro=3s --file x",
        "create --scene Intro=3s --on-empty wait",
        "create --file no-such-file",
        "reconfigure show",
        "scene show",
        "start"
      })
  void whatIsWrongIsNotSent(String words) {
    Shell.Run run = streams(words.split(" "));
    assertEquals(2, run.status(), run.err());
    assertTrue(run.err().startsWith("coordctl: "), run.err());
    assertEquals(List.of(), fake.requests());
  }

  @Test
  void aBrokenFileIsNamedWithItsPlace() throws IOException {
    Path yaml = Files.writeString(folder.resolve("scenes.yaml"), "scenes:\n  - {name: [}\n");
    Shell.Run run = streams("create", "--file", yaml.toString());
    assertEquals(2, run.status());
    assertTrue(run.err().startsWith("coordctl: --file: cannot be read, line 2 column "), run.err());
    Files.writeString(yaml, "- 1");
    assertEquals(
        "coordctl: --file: want an object with scenes, got something else\n",
        streams("create", "--file", yaml.toString()).err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "pause", "resume", "skip", "stop"})
  void streamsAreSteeredOneAfterTheOther(String verb) {
    fake.answering("/streams/show/" + verb, 200, JSON, CHANGED);
    fake.answering("/streams/other/" + verb, 200, JSON, CHANGED.replace("show", "other"));
    Shell.Run run = streams(verb, "show", "other");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        List.of("POST /streams/show/" + verb, "POST /streams/other/" + verb),
        fake.requests().stream().map(Request::line).toList());
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.get(1).matches("show +running +Main +8 s +33.3% +well done"), lines::toString);
    assertTrue(lines.get(2).startsWith("other "), lines::toString);
    JsonNode document = Json.read(streams(verb, "show", "-o", "json").out());
    assertEquals(Json.read(CHANGED), document.path("streams").path(0));
  }

  @Test
  void aSceneIsForced() {
    fake.answering("/streams/show/scene/The End?", 200, JSON, CHANGED);
    Shell.Run run = streams("scene", "show", "The End?");
    assertEquals(0, run.status(), run.err());
    assertEquals("POST /streams/show/scene/The%20End%3F", fake.requests().getFirst().line());
    assertTrue(run.out().contains("well done"), run.out());
  }

  @Test
  void aStreamIsReconfigured() {
    fake.answering("/streams/show", 200, JSON, CHANGED);
    Shell.Run run = streams("reconfigure", "show", "--scene", "Main=10s");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        List.of(
            new Request(
                "PUT /streams/show",
                JSON,
                "{\"scenes\":[{\"name\":\"Main\",\"duration_ms\":10000}]}")),
        fake.requests());
  }

  @Test
  void aRefusalIsToldAsItCame() {
    fake.answering(
        "/streams/show/pause",
        409,
        "application/problem+json",
        "{\"title\":\"Conflict\",\"detail\":\"stream_id: show is stopped\"}");
    assertEquals(
        new Shell.Run(1, "", "coordctl: stream_id: show is stopped (409 Conflict)\n"),
        streams("pause", "show"));
  }

  private Shell shell() {
    return new Shell().variable("OSPREY_COORDINATOR_URL", fake.url());
  }

  private Shell.Run streams(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "streams";
    System.arraycopy(words, 0, all, 1, words.length);
    return shell().run(all);
  }
}
