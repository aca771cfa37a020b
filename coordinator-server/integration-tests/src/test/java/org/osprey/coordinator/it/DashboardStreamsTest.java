package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the dashboard shows of streams and does with them, in a real browser. */
@Timeout(180)
class DashboardStreamsTest extends BrowserTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String MODE = ".stream .tag";
  private static final String SCENE = ".segment.current";
  private static final String WATCH = ".steer [aria-pressed]";

  @TempDir private Path folder;
  private StreamsFixture streams;

  @BeforeEach
  void open() {
    streams = new StreamsFixture(folder);
    visit(streams.url() + "/#streams");
  }

  @AfterEach
  void close() {
    leave(streams::close);
  }

  @Test
  void theExampleIsCreatedAndWatchedToItsEnd() {
    browser.awaitCount("#views a", DashboardFixture.VIEWS.size() + 1);
    browser.awaitText(".empty p", text -> text.startsWith("There is no stream."));
    browser.click("form .primary");
    browser.awaitText(MODE, "idle");
    browser.awaitCount(".segment", 3);
    browser.click(WATCH);
    browser.awaitText(".watching", text -> text.matches("You watch: \\S+ updates/s.*"));
    browser.awaitText(MODE, "finished");
    browser.click(WATCH);
    browser.awaitText(WATCH, "Watch");
    browser.click(".card a");
    browser.awaitCount("[aria-label='Streams'] .stream", 1);
  }

  @Test
  void aStreamIsSteered() throws Exception {
    show("show");
    browser.click(WATCH);
    browser.awaitText(MODE, "running");
    browser.click("[data-verb='pause']");
    browser.awaitText(MODE, "paused");
    browser.click(".segment:nth-child(3)");
    browser.awaitText(SCENE, "Outro");
    browser.click("[data-verb='resume']");
    browser.awaitText(MODE, "running");
    browser.click(".segment:nth-child(1)");
    browser.awaitText("dialog h2", "Go to Intro?");
    browser.click("dialog .primary");
    browser.awaitText(SCENE, "Intro");
    browser.click("[data-verb='skip']");
    browser.awaitText(SCENE, "Main");
  }

  @Test
  void aStreamIsStoppedAfterAQuestionAndStartedAgain() throws Exception {
    show("show");
    browser.click(WATCH);
    browser.awaitText(MODE, "running");
    browser.click("[data-verb='stop']");
    browser.awaitText("dialog h2", "Stop show?");
    browser.click("dialog .button:not(.danger)");
    browser.awaitCount("dialog", 0);
    assertEquals("running", mode("show"));
    browser.click("[data-verb='stop']");
    browser.click("dialog .danger");
    browser.awaitText(MODE, "stopped");
    browser.click("[data-verb='start']");
    browser.awaitText(MODE, "running");
  }

  @Test
  void whoOnlyLooksIsNoWatcher() throws Exception {
    streams.create("show");
    browser.awaitText(MODE, "idle");
    String asked =
        "return performance.getEntriesByType('resource')"
            + ".filter(({ name }) => name.includes('/streams?')).length > 3";
    await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(browser.run(asked)));
    assertEquals(0, streams.watchers("show"));
    assertEquals("idle", mode("show"));
  }

  @Test
  void whoLeavesThePageWatchesNoMore() throws Exception {
    show("show");
    browser.click(WATCH);
    await().atMost(PATIENCE).until(() -> streams.watchers("show") == 1);
    browser.run("location.hash = 'health'");
    await().atMost(PATIENCE).until(() -> streams.watchers("show") == 0);
  }

  @Test
  void thePlayheadMovesWhileItRuns() throws Exception {
    show("show");
    browser.click(WATCH);
    browser.awaitText(MODE, "running");
    String place = "return document.querySelector('.segment.current i').style.transform";
    Object before = browser.run(place);
    await().atMost(PATIENCE).until(() -> !Objects.equals(before, browser.run(place)));
  }

  @Test
  void aMistakeIsShownBesideItsField() {
    browser.fill("[name='duration_ms']", "0");
    browser.click("form .primary");
    browser.awaitText(".scene-fields .error:not([hidden])", text -> !text.isEmpty());
    assertEquals("duration_ms", browser.find("[aria-invalid]").getDomAttribute("name"));
    List<String> errors = browser.errors();
    assertTrue(errors.stream().allMatch(error -> error.contains("/streams")), () -> "" + errors);
  }

  @Test
  void thereArePages() throws Exception {
    for (int i = 0; i < 101; i++) {
      streams.create("s" + i);
    }
    browser.awaitCount(".stream", 100);
    browser.click(".pages .button:last-child");
    browser.awaitCount(".stream", 1);
    browser.click(".pages .button:first-child");
    browser.awaitCount(".stream", 100);
  }

  @ParameterizedTest
  @CsvSource({"light, 1280", "dark, 390"})
  void everyoneCanReadAndUseIt(String theme, int width) throws Exception {
    browser.resize(width, 844);
    browser.run("document.documentElement.dataset.theme = '" + theme + "'");
    assertReadable();
    streams.create("show");
    browser.awaitText(MODE, "idle");
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)");
    browser.click(WATCH);
    browser.awaitText(MODE, "running");
    browser.awaitText(".watching", text -> text.startsWith("You watch"));
    assertReadable();
    browser.run("location.hash = 'streams/show'");
    browser.awaitCount("[aria-label='Streams']", 0);
    browser.awaitCount(".stream", 1);
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)");
    assertReadable();
  }

  /** A stream of its own page. */
  private void show(String id) throws IOException, InterruptedException {
    streams.create(id);
    browser.run("location.hash = 'streams/" + id + "'");
    browser.awaitText(MODE, "idle");
  }

  private String mode(String id) {
    return streams.stream(id).path("state").path("mode").asString();
  }
}
