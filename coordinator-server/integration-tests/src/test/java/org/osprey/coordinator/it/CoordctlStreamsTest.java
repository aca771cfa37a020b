package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;

/** {@code coordctl streams} against a whole coordinator: its tables, JSON and exit status. */
@Timeout(120)
class CoordctlStreamsTest {
  @TempDir private Path folder;
  private StreamsFixture streams;
  private Coordctl coordctl;

  @BeforeEach
  void start() {
    streams = new StreamsFixture(folder);
    coordctl = new Coordctl(streams.url());
  }

  @AfterEach
  void close() {
    streams.close();
  }

  @Test
  void streamsAreListedInPages() throws Exception {
    assertEquals("no streams\n", coordctl.table("streams list"));
    streams.create("one");
    streams.create("two");
    List<String> lines = coordctl.table("streams list").lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(1).startsWith("one  idle "), lines::toString);
    assertTrue(coordctl.table("streams list --limit 1").endsWith("there are more: --after one\n"));
    JsonNode last = coordctl.json("streams list --limit 1 --after one");
    assertEquals("two", last.path("streams").path(0).path("stream_id").asString());
    assertTrue(last.path("next").isMissingNode());
  }

  @Test
  void aStreamIsCreatedAndWatchedToItsEnd() {
    coordctl.table("streams create --id show --scene Intro=300ms --scene Main=300ms --tick 50ms");
    List<String> lines = coordctl.table("streams watch show").lines().toList();
    assertTrue(lines.getLast().contains("  finished   100.0 %"), lines::toString);
    assertEquals("finished", mode());
    coordctl.table("streams start show");
    List<JsonNode> states =
        coordctl.run("streams watch --all show -o json").out().lines().map(Json::read).toList();
    assertTrue(states.getLast().path("is_complete").asBoolean(), states::toString);
  }

  @Test
  void aStreamIsSteered() throws Exception {
    streams.create("show");
    JsonNode forced = coordctl.json("streams scene show Outro");
    assertEquals("Outro", forced.path("state").path("current_scene").asString());
    coordctl.table("streams stop show");
    assertEquals("stopped", mode());
    coordctl.table("streams reconfigure show --scene Only=1h --loop");
    assertEquals("idle", mode());
    String shown = coordctl.table("streams show show");
    assertTrue(shown.matches("(?s)id +show\\R.* +1  Only +0 s +1h 0m .*"), shown);
  }

  @Test
  void whatIsUnknownIsRefused() {
    Coordctl.Run run = coordctl.run("streams show none");
    assertEquals(1, run.status());
    assertTrue(run.err().endsWith("(404 Not Found)\n"), run.err());
    assertEquals(1, coordctl.run("streams watch none").status());
    assertEquals(1, coordctl.run("streams create --id a.b --scene A=1s").status());
  }

  private String mode() {
    return coordctl.json("streams show show").path("state").path("mode").asString();
  }
}
