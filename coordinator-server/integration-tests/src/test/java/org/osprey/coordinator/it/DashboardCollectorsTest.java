package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.collectors.gateway.CollectorRoutes;
import org.osprey.coordinator.collectors.gateway.FakeCollectors;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.Reload;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadRunningException;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadStats;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.settings.ConfigException;

/** What the dashboard shows of collectors and does with them, in a real browser. */
@Timeout(180)
class DashboardCollectorsTest extends BrowserTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String TABLE = "[aria-label='Collectors']";
  private static final String STATE = TABLE + " .tag";
  private static final String TOLD = ".toolbar .lead";
  private static final String RELOAD = ".toolbar > .button";

  private final FakeCollectors collectors = new FakeCollectors();
  private CoordinatorTester tester;

  @BeforeEach
  void open() {
    tester = new CoordinatorTester.Setup().routes(new CollectorRoutes(collectors)).start();
    browser.resize(1280, 900);
    show("collectors");
    browser.awaitText("#status", "Running");
  }

  @AfterEach
  void close() {
    leave(tester::close);
  }

  @Test
  void withoutCollectorsItSaysWhatToDo() {
    browser.awaitCount("#views a", DashboardFixture.VIEWS.size() + 1);
    browser.awaitText(".empty p", text -> text.startsWith("No collector is configured."));
    collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    browser.awaitText(STATE, "running");
    browser.awaitText(TOLD, "1 collector, 1 running");
  }

  @Test
  void aCollectorIsShownWithWhatItCounts() {
    collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    browser.awaitText(cell("Published"), "900");
    browser.awaitText(cell("Dropped"), "37");
    browser.awaitText(cell("Spilled"), "25");
    browser.awaitText(cell("Restarts"), "2");
    browser.awaitText(cell("Buffer"), "25%");
    browser.awaitText(cell("Per second"), "0");
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              collectors.put("dns", FakeCollectors.lane("dns", System.nanoTime() / 1_000));
              return browser.find(cell("Per second")).getText().matches("[0-9.,KM]*[1-9].*");
            });
  }

  @Test
  void troubleIsSeen() {
    collectors.put("bad", Phase.BACKING_OFF, false, "no such host kubelet", null);
    collectors.put("ill", Phase.RUNNING, false, "no answer since a minute", null);
    collectors.put("off", Phase.DISABLED, false, "by the configuration", null);
    browser.awaitText(TOLD, "3 collectors, 1 running, 2 in trouble");
    browser.awaitText(TABLE + " tr:nth-child(1) .tag.bad", "backing off");
    browser.awaitText(TABLE + " tr:nth-child(1) .error", "no such host kubelet");
    browser.awaitText(TABLE + " tr:nth-child(2) .tag.bad", "unhealthy");
    browser.awaitText(TABLE + " tr:nth-child(3) .tag", "disabled");
    browser.awaitCount(TABLE + " .error", 2);
    collectors.reloaded(new ReloadStats(1, 1, true, "f00d"));
    browser.awaitText("[role='alert'].error", text -> text.contains("was refused"));
  }

  @Test
  void aCollectorIsDisabledAfterAQuestionAndEnabledAgain() {
    collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    browser.click("[data-verb='disable']");
    browser.awaitText("dialog h2", "Disable dns?");
    browser.click("dialog .button:not(.danger)");
    browser.awaitCount("dialog", 0);
    assertEquals(Phase.RUNNING, phase());
    browser.click("[data-verb='disable']");
    browser.click("dialog .danger");
    browser.awaitText(STATE, "disabled");
    assertEquals(Phase.DISABLED, phase());
    browser.click("[data-verb='enable']");
    browser.awaitText(STATE, "running");
    browser.click("[data-verb='restart']");
    browser.awaitText(STATE, "starting");
  }

  @Test
  void aRefusalIsTold() {
    collectors.put("bad", Phase.STUCK, false, "its start hangs", null);
    browser.click("[data-verb='restart']");
    browser.awaitText(
        ".note.bad p", "bad: no restart: name: bad is stuck, want its threads to end");
    assertOnlyFailed("/restart");
  }

  @Test
  void aReloadTellsWhatItDid() {
    collectors.reloading(() -> reload(List.of("a", "b"), List.of("c"), List.of(), List.of()));
    browser.click(RELOAD);
    browser.awaitText(".note p", "Started a, b; restarted c; 1 unchanged.");
    collectors.reloading(
        () ->
            reload(
                List.of(), List.of(), List.of("orchestrator.workers"), List.of("x: unknown kind")));
    browser.click(RELOAD);
    browser.awaitText("dialog h2", "Reloaded");
    browser.awaitText("dialog p", "Nothing differs, 1 unchanged.");
    browser.awaitText("dialog pre", "orchestrator.workers");
    browser.awaitText("dialog pre:last-child", "x: unknown kind");
  }

  @Test
  void aReloadThatIsRefusedTellsEveryMistake() {
    collectors.reloading(
        () -> {
          throw new ConfigException(List.of("workers (line 2): got 65", "dsn (line 9): unknown"));
        });
    browser.click(RELOAD);
    browser.awaitText("dialog h2", "Not reloaded");
    browser.awaitText("dialog pre", "workers (line 2): got 65\ndsn (line 9): unknown");
    browser.click("dialog .primary");
    collectors.reloading(
        () -> {
          throw new ReloadRunningException();
        });
    browser.click(RELOAD);
    browser.awaitText(".note.bad p", text -> text.startsWith("Not reloaded: a reload is under"));
    assertOnlyFailed("/reload");
  }

  @Test
  void oneCollectorHasAPageWithItsLedger() {
    collectors.put("name server", FakeCollectors.lane("name server", 1_000));
    browser.click(TABLE + " a");
    browser.awaitText("h2", "name server");
    browser.awaitText(".card + .card h2", "Ledger");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(
                        "1,000 (0 per second)",
                        "7",
                        "900 (0 per second)",
                        "37",
                        "30",
                        "7",
                        "20",
                        "25",
                        "25"),
                    browser.run(
                        "return [...document.querySelectorAll('.card + .card dd')]"
                            + ".map(({ textContent: text }) => text)")));
    browser.click("[data-verb='restart']");
    browser.awaitText(".head .tag", "starting");
    collectors.remove("name server");
    browser.awaitText(".lead", "There is no such collector.");
    assertOnlyFailed("/name%20server");
  }

  @ParameterizedTest
  @CsvSource({"light, 1280", "dark, 390"})
  void everyoneCanReadAndUseIt(String theme, int width) throws IOException {
    browser.resize(width, 844);
    browser.run("document.documentElement.dataset.theme = '" + theme + "'");
    browser.awaitCount(".empty", 1);
    assertReadable();
    collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    collectors.put("bad", Phase.BACKING_OFF, false, "no such host kubelet", null);
    collectors.put("off", Phase.DISABLED, false, "disabled", null);
    collectors.reloaded(new ReloadStats(1, 1, true, "f00d"));
    browser.awaitCount(STATE, 3);
    browser.awaitCount("[role='alert'].error:not([hidden])", 1);
    assertReadable();
    show("collectors/dns");
    browser.awaitText("h2", "dns");
    browser.awaitCount(".card + .card dd", 9);
    assertReadable();
  }

  private void show(String place) {
    browser.open("http://127.0.0.1:%d/#%s".formatted(tester.coordinator().httpPort(), place));
  }

  private Phase phase() {
    return collectors.find("dns").orElseThrow().phase();
  }

  private static Reload reload(
      List<String> started,
      List<String> restarted,
      List<String> needRestart,
      List<String> warnings) {
    return new Reload(started, List.of(), restarted, List.of("z"), needRestart, warnings);
  }

  private static String cell(String head) {
    return TABLE + " [data-label='" + head + "']";
  }
}
