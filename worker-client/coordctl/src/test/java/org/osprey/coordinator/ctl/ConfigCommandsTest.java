package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;

/** Settings files are judged as the daemon judges them. */
class ConfigCommandsTest {
  private static final String SYNC_PORT = "OSPREY_COORDINATOR_SYNC_ACTION_PORT";

  @TempDir private Path folder;

  @Test
  void allMistakesAreNamedAtOnce() throws IOException {
    Path file = file("rpc:\n  eventLoops: 0\nleases:\n  tim: 60s\n");
    Shell.Run run = new Shell().variable(SYNC_PORT, "high").run("config", "check", file.toString());
    assertEquals(2, run.status());
    assertEquals("", run.out());
    assertEquals(
        """
        coordctl: OSPREY_COORDINATOR_SYNC_ACTION_PORT (rpc.syncPort): got "high", want a whole number, at most 2147483647
        coordctl: rpc.eventLoops (settings.yaml:2): got "0", want a number from 1 to 1024
        coordctl: leases.tim (settings.yaml:4): unknown key, did you mean leases.time?
        """,
        run.err());
    assertEquals(2, new Shell().run("config", "print", file.toString()).status());

    Shell.Run json = new Shell().run("config", "check", file.toString(), "-o", "json");
    assertEquals(2, json.status());
    assertEquals("", json.err());
    JsonNode report = Json.read(json.out());
    assertEquals("false", report.path("valid").toString());
    assertEquals(2, report.path("mistakes").size());
  }

  @Test
  void aGoodFileShowsWhatItChanges() throws IOException {
    Path file = file("leases:\n  time: 5s\n");
    Shell.Run run = new Shell().run("config", "check", file.toString());
    assertEquals(
        new Shell.Run(0, "no mistakes; changed:\n  leases.time=5s from settings.yaml:2\n", ""),
        run);
    assertEquals(
        new Shell.Run(0, "no mistakes, all as by default\n", ""),
        new Shell().run("config", "check", file("").toString()));
  }

  @Test
  void aMissingFileIsNamed() {
    Path none = folder.resolve("none.yaml");
    assertEquals(
        new Shell.Run(2, "", "coordctl: --config " + none + ": there is no such file\n"),
        new Shell().run("config", "check", none.toString()));
  }

  @Test
  void printShowsWhatTheDaemonWouldRunWith() throws IOException {
    assertEquals(
        new Shell.Run(0, ConfigLoader.load(Map.of(SYNC_PORT, "1234")).describe(), ""),
        new Shell().variable(SYNC_PORT, "1234").run("config", "print"));
    Path file = file("leases:\n  time: 5s\n");
    assertTrue(new Shell().run("config", "print", file.toString()).out().contains("time: 5s"));

    Shell.Run json = new Shell().run("config", "print", file.toString(), "--output", "json");
    assertEquals(0, json.status(), json.err());
    assertEquals("5s", Json.read(json.out()).path("leases").path("time").asString(""));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("settings.yaml"), text);
  }
}
