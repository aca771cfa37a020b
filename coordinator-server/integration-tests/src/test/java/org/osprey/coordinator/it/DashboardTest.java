package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySource;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;

/** The dashboard in a real browser, before a real coordinator. */
@Timeout(180)
class DashboardTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> VIEWS =
      List.of("overview", "workers", "actions", "dead-letters", "health");

  private static Browser browser;

  private final InMemoryOrigin origin = new InMemoryOrigin();
  private CoordinatorTester tester = start(0);

  @BeforeAll
  static void startBrowser() {
    browser = Browser.start();
  }

  @AfterAll
  static void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void openPage() {
    browser.resize(1280, 900);
    show("overview");
    browser.awaitText("#status", "Running");
  }

  @AfterEach
  void close() {
    List<String> errors = browser.errors();
    tester.close();
    assertEquals(List.of(), errors, "on the browser's console");
  }

  @Test
  void theCountOfActionsMoves() {
    browser.awaitText("#step-handled", "0");
    RawWorker worker = tester.worker().ackingAll();
    browser.awaitText("#step-handled + small", text -> text.endsWith("per second"));
    Caller caller = tester.caller();
    for (int id = 1; id <= 7; id++) {
      caller.call(Caller.request(id).build());
    }
    browser.awaitText("#step-handled", "7");
    show("workers");
    browser.awaitText("tbody td", "raw-worker");
    show("actions");
    browser.awaitCount(".table tbody tr", 7);
    worker.kill();
    show("workers");
    browser.awaitText(".empty p", text -> text.startsWith("No worker is connected."));
  }

  @Test
  void aSourceIsPausedAndGoesOn() {
    tester.worker().ackingAll();
    origin.add(action(1, "user_login"));
    browser.awaitText("#step-handled", "1");
    browser.click("[aria-label='Pause source-1']");
    browser.awaitText(".list .tag.warn", "paused");
    assertTrue(tester.coordinator().sources().list().getFirst().paused());
    origin.add(action(2, "user_login"));
    browser.click("[aria-label='Resume source-1']");
    browser.awaitText("#step-handled", "2");
    browser.awaitText(".list .tag.good", "reading");
  }

  @Test
  void aWorkerIsDisconnectedAfterAQuestion() {
    RawWorker worker = tester.worker();
    show("workers");
    browser.click("td .button");
    browser.awaitText("dialog h2", "Disconnect raw-worker?");
    browser.click("dialog .button:not(.primary)");
    browser.awaitCount("dialog", 0);
    assertEquals(1, tester.coordinator().dispatcher().stats().connected());
    browser.click("td .button");
    browser.click("dialog .primary");
    await().atMost(PATIENCE).until(worker::hasEnded);
  }

  @Test
  void aDeadLetterIsShownAndReplayed() {
    RawWorker worker = tester.worker();
    put(7, "report_filed");
    put(8, "user_login");
    show("dead-letters");
    browser.awaitCount("tbody tr", 2);
    browser.click("[aria-label='View dead letter 1']");
    // More digits than a double has.
    browser.awaitText("dialog pre", "{\n  \"user\": 12345678901234567890\n}");
    browser.click("dialog .primary");
    browser.click("[aria-label='Choose dead letter 1']");
    browser.awaitText(".toolbar .primary", "Replay 1");
    browser.click(".toolbar .primary");
    browser.click("dialog .primary");
    OspreyCoordinatorAction replayed = worker.take();
    assertEquals("report_filed", replayed.getActionName());
    worker.ack(replayed);
    browser.awaitText(".note p", "Replay: 1 handled.");
    browser.awaitCount("tbody tr", 1);
    assertEquals(1, tester.deadLetters().kept().size());
  }

  @Test
  void deadLettersArePurgedAfterAQuestion() {
    put(7, "report_filed");
    put(8, "user_login");
    show("dead-letters");
    browser.awaitCount("tbody tr", 2);
    browser.click(".toolbar .danger");
    browser.awaitText("dialog h2", "Purge all dead letters?");
    browser.click("dialog .button:not(.danger)");
    browser.awaitCount("dialog", 0);
    assertEquals(2, tester.deadLetters().kept().size());
    browser.click(".toolbar .danger");
    browser.click("dialog .danger");
    browser.awaitText(".empty p", text -> text.startsWith("Nothing was given up."));
    assertEquals(0, tester.deadLetters().kept().size());
  }

  @Test
  void anActionIsSentAndItsVerdictShown() {
    tester.worker().ackingAll();
    show("actions");
    browser.fill("#action-name", "user_login");
    browser.fill("#action-data", "{\"user\": \"ada\"}");
    browser.click("form .primary");
    browser.awaitText("#answer .tag.good", text -> text.startsWith("verdict_for_"));
    browser.awaitText(".table tbody td:nth-child(2)", "user_login");
  }

  @Test
  void dataThatIsNoJsonIsNotSent() {
    show("actions");
    browser.fill("#action-data", "[1]");
    browser.click("form .primary");
    Object message = browser.run("return document.getElementById('action-data').validationMessage");
    assertEquals("Want a JSON object, such as {\"user\": \"ada\"}.", message);
  }

  @Test
  void itSaysWhenTheCoordinatorIsAwayAndComesBack() {
    int port = port();
    tester.close();
    browser.awaitText("#banner", text -> text.startsWith("The coordinator does not answer."));
    tester = start(port);
    browser.awaitText("#status", "Running");
    browser.awaitText("#banner", "");
    assertOnlyEventsFailed();
  }

  @Test
  void itSaysWhenTooManyWatch() {
    tester.close();
    tester = setup(0).maxWatchers(1).start();
    try (Socket watcher = new Socket(InetAddress.getLoopbackAddress(), port())) {
      watcher
          .getOutputStream()
          .write("GET /api/events HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(UTF_8));
      assertEquals('H', watcher.getInputStream().read());
      show("overview");
      browser.awaitText("#banner", text -> text.startsWith("1 watch already: http.maxWatchers."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    browser.awaitText("#status", "Running");
    assertOnlyEventsFailed();
  }

  @Test
  void theThemeIsRemembered() {
    browser.click("#theme");
    String chosen = theme();
    browser.reload();
    assertEquals(chosen, theme());
    browser.click("#theme");
    assertEquals(chosen.equals("dark") ? "light" : "dark", theme());
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void everyViewFitsItsWindow(int width) {
    fillEverything();
    browser.resize(width, 844);
    for (String view : VIEWS) {
      show(view);
      browser.awaitText("nav [aria-current]", text -> !text.isEmpty());
      Object beyond =
          browser.run("return document.documentElement.scrollWidth - document.body.clientWidth");
      assertEquals(0L, beyond, view);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyTextCanBeReadInBothThemes(String theme) throws IOException {
    fillEverything();
    browser.run("document.documentElement.dataset.theme = '" + theme + "'");
    for (String view : VIEWS) {
      show(view);
      browser.awaitText("nav [aria-current]", text -> !text.isEmpty());
      assertEquals(List.of(), browser.run(script("contrast.js")), view);
    }
  }

  @Test
  void everyControlHasANameAndEveryChartSaysWhatItShows() {
    fillEverything();
    for (String view : VIEWS) {
      show(view);
      assertEquals(
          List.of(),
          browser.run(
              """
              return [...document.querySelectorAll("button, a, input, textarea, svg, table")]
                .filter((each) => !each.getAttribute("aria-label") && !each.labels?.length
                    && !each.textContent.trim())
                .map((each) => each.outerHTML)
              """),
          view);
    }
  }

  private static void assertOnlyEventsFailed() {
    List<String> errors = browser.errors();
    assertTrue(errors.stream().allMatch(error -> error.contains("/api/events")), errors.toString());
  }

  private void fillEverything() {
    tester.worker().ackingAll();
    put(7, "report_filed");
    origin.add(action(1, "user_login"));
    browser.awaitText("#step-handled", "1");
  }

  private void show(String view) {
    browser.open("http://127.0.0.1:%d/#%s".formatted(port(), view));
  }

  private int port() {
    return tester.coordinator().httpPort();
  }

  private static String theme() {
    return String.valueOf(browser.run("return document.documentElement.dataset.theme"));
  }

  private static String script(String name) throws IOException {
    try (InputStream script = DashboardTest.class.getResourceAsStream("/" + name)) {
      return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
    }
  }

  private CoordinatorTester start(int httpPort) {
    return setup(httpPort).start();
  }

  private CoordinatorTester.Setup setup(int httpPort) {
    return new CoordinatorTester.Setup()
        .httpPort(httpPort)
        .source(new InMemorySource("orders", origin, new InMemoryDeadLetters(), Ticker.system()));
  }

  private void put(long id, String name) {
    tester
        .deadLetters()
        .put(
            new DeadLetter(
                DeadLetter.Reason.NACKED,
                "source-1",
                "place=" + id,
                new Decoded(action(id, name)),
                3,
                0,
                "nacked by worker test",
                null));
  }

  private static Action action(long id, String name) {
    return new Action(
        id,
        name,
        Action.Encoding.JSON,
        "{\"user\":12345678901234567890}".getBytes(UTF_8),
        null,
        Instant.EPOCH);
  }
}
