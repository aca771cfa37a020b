package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.database.PostgresServer;

/** What the dashboard shows of replica sets and does with them, in a real browser. */
@Timeout(180)
class DashboardReplicaSetsTest extends BrowserTest {
  private static final String TABLE = "[aria-label='Replica sets']";
  private static final String WORKERS = "[aria-label='Workers']";
  private static final String PROJECTIONS = "[aria-label='Projections']";
  private static final String PARKED = "[aria-label='Parked streams']";
  private static final String PAGE = "replica-sets/main%20projections";

  private static PostgresServer server;

  private ReplicaSetRows rows;
  private CoordinatorTester tester;

  @BeforeAll
  static void startServer() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() {
    if (!server.isRunning()) {
      server.restart();
    }
    rows = new ReplicaSetRows(server);
    tester = new CoordinatorTester.Setup().routes(rows.routes()).start();
    browser.resize(1280, 900);
    show("replica-sets");
    browser.awaitText("#status", "Running");
  }

  @AfterEach
  void close() {
    leave(tester::close);
  }

  @Test
  void replicaSetsAreListed() {
    browser.awaitCount("#views a", DashboardFixture.VIEWS.size() + 1);
    browser.awaitText(".empty p", text -> text.startsWith("No worker has joined"));
    rows.run(ReplicaSetRows.MAIN);
    browser.awaitText(cell(TABLE, "Workers"), "3 running");
    browser.awaitText(TABLE + " .tag.good", "running");
    browser.awaitText(cell(TABLE, "Generation"), "7");
    browser.awaitText(cell(TABLE, "Projections"), "2");
    browser.awaitText(cell(TABLE, "Lag"), "800");
    browser.awaitText(cell(TABLE, "Parked"), "2");
  }

  @Test
  void troubleIsSeen() {
    rows.run(ReplicaSetRows.MAIN);
    browser.awaitText(".lead", "1 replica set");
    rows.run("update rs_workers set ready = 6 where worker = '18@beta'");
    browser.awaitText(TABLE + " .tag.warn", "dividing");
    browser.awaitText(cell(TABLE, "Workers"), "2 ready, 1 stopping");
    rows.run(
        "update rs_workers set heartbeat = now() - interval '1 hour' where worker = '18@beta'");
    browser.awaitText(TABLE + " .tag.bad", "silent workers");
    browser.awaitText(".lead", "1 replica set, 1 in trouble");
    rows.run("delete from rs_workers");
    browser.awaitText(TABLE + " .tag.bad", "no workers");
    server.stop();
    browser.awaitText(".lead.error", text -> text.contains("could not look at replica sets"));
    server.restart();
    browser.awaitText(".lead", "1 replica set, 1 in trouble");
    assertOnlyFailed("/api/replica-sets");
  }

  @Test
  void oneHasAPageWithItsWorkersAndTheirSlots() {
    rows.run(ReplicaSetRows.MAIN);
    browser.click(TABLE + " a");
    browser.awaitText("h2", "main projections");
    browser.awaitCount(WORKERS + " tbody tr", 3);
    browser.awaitText(WORKERS + " tr:nth-child(2) [data-label='Partition']", "1");
    browser.awaitCount(WORKERS + " tr:nth-child(2) .slots i", 64);
    browser.awaitCount(WORKERS + " tr:nth-child(2) .slots i.own", 21);
    browser.awaitCount(WORKERS + " .slots i.own", 64);
    browser.awaitText(PROJECTIONS + " tr:nth-child(2) [data-label='Position']", "400");
    browser.awaitText(PROJECTIONS + " tr:nth-child(2) [data-label='Lag']", "800");
    rows.run("delete from rs_workers where worker = '19@gamma'");
    rows.run("update rs_sets set partitions = 2, generation = 8");
    rows.run("update rs_workers set ready = 8");
    browser.awaitCount(WORKERS + " tbody tr", 2);
    browser.awaitCount(WORKERS + " tr:nth-child(2) .slots i.own", 32);
    browser.awaitText(".lead", text -> text.startsWith("Generation 8 for "));
    rows.run("truncate rs_sets cascade");
    browser.awaitText(".lead.error", "There is no such replica set.");
    assertOnlyFailed("/api/replica-sets/main%20projections");
  }

  @Test
  void aParkedStreamIsReleased() {
    rows.run(ReplicaSetRows.MAIN);
    show(PAGE);
    browser.click("[data-verb='parked']:not([hidden])");
    browser.awaitText(cell(PARKED, "Stream"), "order/1");
    browser.awaitText(cell(PARKED, "Events"), "2");
    browser.awaitText(cell(PARKED, "Error"), "java.lang.IllegalStateException: no such user");
    browser.click("[data-verb='release']");
    browser.awaitText(".note p", "2 events of order/1 will be handled again.");
    browser.awaitText(PARKED + " .tag.warn", "released");
    rows.run("delete from rs_parked");
    browser.awaitText(".card:last-child .empty p", "Nothing is parked any more.");
    browser.awaitCount("[data-verb='parked']:not([hidden])", 0);
  }

  @Test
  void aProjectionIsResetAfterAQuestion() {
    rows.run(ReplicaSetRows.MAIN);
    show(PAGE);
    String users = PROJECTIONS + " tr:nth-child(2)";
    browser.click(users + " [data-verb='reset']");
    browser.awaitText("dialog h2", "Reset users?");
    browser.click("dialog .button:not(.danger)");
    browser.awaitCount("dialog", 0);
    browser.click(users + " [data-verb='reset']");
    browser.fill("#position", "5000");
    browser.click("dialog .danger");
    browser.awaitText(
        ".note.bad p",
        "users: no reset: position: want from 0 to 1200, that of the last event, got 5000");
    browser.awaitText(users + " [data-label='Position']", "400");
    browser.click(users + " [data-verb='reset']");
    browser.fill("#position", "300");
    browser.click("dialog .danger");
    browser.awaitText(users + " [data-label='Position']", "300");
    browser.awaitText(".note.good p", "users begins behind position 300.");
    assertOnlyFailed("/reset");
  }

  @ParameterizedTest
  @CsvSource({"light, 1280", "dark, 390"})
  void everyoneCanReadAndUseIt(String theme, int width) throws IOException {
    browser.resize(width, 844);
    browser.run("document.documentElement.dataset.theme = '" + theme + "'");
    browser.awaitText(".empty p", text -> text.startsWith("No worker has joined"));
    assertReadable();
    rows.run(ReplicaSetRows.MAIN);
    rows.run("update rs_workers set ready = 6 where worker = '18@beta'");
    rows.run(
        "update rs_workers set heartbeat = now() - interval '1 hour' where worker = '19@gamma'");
    browser.awaitText(TABLE + " .tag", "silent workers");
    assertReadable();
    show(PAGE);
    browser.click("[data-verb='parked']:not([hidden])");
    browser.awaitText(cell(PARKED, "Stream"), "order/1");
    assertReadable();
    browser.click("[data-verb='reset']");
    browser.awaitText("dialog h2", text -> text.startsWith("Reset "));
    assertReadable();
  }

  private void show(String place) {
    browser.open("http://127.0.0.1:%d/#%s".formatted(tester.coordinator().httpPort(), place));
  }

  private static String cell(String table, String head) {
    return table + " [data-label='" + head + "']";
  }
}
