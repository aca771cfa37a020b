package org.osprey.coordinator.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.command.Commands;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Terminal;

/** {@code streams watch}: what is printed of the states that come. */
@Timeout(120)
class StreamWatchTest {
  private static final String PATH = "/streams/show/events";
  private static final String EVENTS = "text/event-stream;charset=utf-8";

  private final FakeCoordinator fake = new FakeCoordinator();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void aLineForEachChangeUntilItIsComplete() {
    String missed = state("Outro", 0, "running").replace("}", ",\"scenes_missed\":1}");
    answer(
        state("Intro\u001b[31m", 0, "running"),
        state("Intro\u001b[31m", 50, "running"),
        state("Intro\u001b[31m", 50, "paused"),
        missed,
        state("Outro", 100, "finished"),
        state("Outro", 100, "stopped"));
    Shell.Run run = watch();
    assertEquals(0, run.status(), run.err());
    assertEquals("GET " + PATH + "?filter=scenes", fake.requests().getFirst().line());
    String time = "2026-11-21T10:00:00.500Z  ";
    assertEquals(
        List.of(
            time + "running      0.0 %  Intro?[31m, 2.5 s left",
            time + "paused      50.0 %  Intro?[31m, 2.5 s left",
            time + "running      0.0 %  Outro, 2.5 s left, scenes missed: 1",
            time + "finished   100.0 %  Outro"),
        run.out().lines().toList());
  }

  @Test
  void everyUpdateIsPrintedWhereThatIsWanted() {
    answer(
        state("Intro", 0, "running"),
        state("Intro", 50, "running"),
        state("Intro", 100, "finished"));
    Shell.Run run = watch("--all");
    assertEquals(0, run.status(), run.err());
    assertEquals("GET " + PATH, fake.requests().getFirst().line());
    assertEquals(3, run.out().lines().count());
  }

  @Test
  void jsonIsOneStateOnEachLine() {
    answer(state("Intro", 0, "running"), state("Intro", 100, "finished"));
    Shell.Run run = watch("-o", "json");
    assertEquals(
        List.of(
            Json.read(state("Intro", 0, "running")), Json.read(state("Intro", 100, "finished"))),
        run.out().lines().map(Json::read).toList());
  }

  @Test
  void anEndBeforeItIsCompleteIsAnError() {
    answer(state("Intro", 0, "running"));
    Shell.Run run = watch();
    assertEquals(4, run.status());
    assertEquals(1, run.out().lines().count());
    assertTrue(run.err().contains("the coordinator ended the stream of events"), run.err());
  }

  @Test
  void itEndsWhenNobodyReadsIt() {
    answer(state("Intro", 0, "running"), state("Main", 50, "running"));
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(broken, true, UTF_8),
            System.err,
            Terminal.NONE,
            Map.of("OSPREY_COORDINATOR_URL", fake.url()));
    assertEquals(0, new Commands(console).run("streams", "watch", "show"));
  }

  @Test
  void aRefusalIsTold() {
    fake.answering(
        PATH,
        404,
        "application/problem+json",
        "{\"title\":\"Not Found\",\"detail\":\"stream_id: there is no such stream\"}");
    assertEquals(
        new Shell.Run(1, "", "coordctl: stream_id: there is no such stream (404 Not Found)\n"),
        watch());
  }

  private void answer(String... states) {
    StringBuilder events = new StringBuilder(": hello\n\nevent: other\ndata: {}\n\n");
    List.of(states).forEach(state -> events.append(event("state", state)));
    events.append(event("end", "{}"));
    fake.answering(PATH, 200, EVENTS, events.toString());
  }

  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  private static String state(String scene, int progress, String mode) {
    return Json.line(
        Json.object()
            .put("current_scene", scene)
            .put("progress_percentage", (double) progress)
            .put("mode", mode)
            .put("is_running", mode.equals("running"))
            .put("is_paused", mode.equals("paused"))
            .put("is_complete", mode.equals("finished"))
            .put("scene_time_remaining", 2500)
            .put("server_time", 1795255200500L));
  }

  private Shell.Run watch(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "streams";
    all[1] = "watch";
    all[2] = "show";
    System.arraycopy(words, 0, all, 3, words.length);
    return new Shell().variable("OSPREY_COORDINATOR_URL", fake.url()).run(all);
  }
}
