package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;

/** What the dashboard shows and does, in a real browser before a real coordinator. */
@Timeout(180)
class DashboardPageTest extends BrowserTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private DashboardFixture page;

  @BeforeEach
  void open() {
    page = new DashboardFixture(browser);
  }

  @AfterEach
  void close() {
    page.close();
  }

  @Test
  void theCountOfActionsMoves() {
    browser.awaitText("#step-handled", "0");
    browser.awaitCount("#views a", DashboardFixture.VIEWS.size());
    RawWorker worker = page.tester().worker().ackingAll();
    browser.awaitText("#step-handled + small", text -> text.endsWith("per second"));
    Caller caller = page.tester().caller();
    for (int id = 1; id <= 7; id++) {
      caller.call(Caller.request(id).build());
    }
    browser.awaitText("#step-handled", "7");
    page.show("workers");
    browser.awaitText("tbody td", "raw-worker");
    page.show("actions");
    browser.awaitCount(".table tbody tr", 7);
    worker.kill();
    page.show("workers");
    browser.awaitText(".empty p", text -> text.startsWith("No worker is connected."));
  }

  @Test
  void aSourceIsPausedAndGoesOn() {
    page.tester().worker().ackingAll();
    page.addAction(1);
    browser.awaitText("#step-handled", "1");
    browser.click("[aria-label='Pause source-1']");
    browser.awaitText(".list .tag.warn", "paused");
    assertTrue(page.tester().coordinator().sources().list().getFirst().paused());
    page.addAction(2);
    browser.click("[aria-label='Resume source-1']");
    browser.awaitText("#step-handled", "2");
    browser.awaitText(".list .tag.good", "reading");
  }

  @Test
  void aWorkerIsDisconnectedAfterAQuestion() {
    RawWorker worker = page.tester().worker();
    page.show("workers");
    browser.click("td .button");
    browser.awaitText("dialog h2", "Disconnect raw-worker?");
    browser.click("dialog .button:not(.primary)");
    browser.awaitCount("dialog", 0);
    assertEquals(1, page.tester().coordinator().dispatcher().stats().connected());
    browser.click("td .button");
    browser.click("dialog .primary");
    await().atMost(PATIENCE).until(worker::hasEnded);
  }

  @Test
  void aDeadLetterIsShownAndReplayed() {
    RawWorker worker = page.tester().worker();
    page.putLetter(7, "report_filed");
    page.putLetter(8, "user_login");
    page.show("dead-letters");
    browser.awaitCount("tbody tr", 2);
    browser.click("[aria-label='View dead letter 1']");
    // More digits than a double has.
    browser.awaitText("dialog pre", "{\n  \"user\": 12345678901234567890\n}");
    browser.click("dialog .primary");
    browser.click("[aria-label='Choose dead letter 1']");
    browser.awaitText(".toolbar .primary", "Replay 1");
    browser.click(".toolbar .primary");
    browser.click("dialog .primary");
    OspreyCoordinatorAction replayed = worker.take(PATIENCE);
    assertEquals("report_filed", replayed.getActionName());
    worker.ack(replayed);
    browser.awaitText(".note p", "Replay: 1 handled.");
    browser.awaitCount("tbody tr", 1);
    assertEquals(1, page.tester().deadLetters().kept().size());
  }

  @Test
  void deadLettersArePurgedAfterAQuestion() {
    page.putLetter(7, "report_filed");
    page.putLetter(8, "user_login");
    page.show("dead-letters");
    browser.awaitCount("tbody tr", 2);
    browser.click(".toolbar .danger");
    browser.awaitText("dialog h2", "Purge all dead letters?");
    browser.click("dialog .button:not(.danger)");
    browser.awaitCount("dialog", 0);
    assertEquals(2, page.tester().deadLetters().kept().size());
    browser.click(".toolbar .danger");
    browser.click("dialog .danger");
    browser.awaitText(".empty p", text -> text.startsWith("Nothing was given up."));
    assertEquals(0, page.tester().deadLetters().kept().size());
  }

  @Test
  void anActionIsSentAndItsVerdictShown() throws Exception {
    page.tester().worker().ackingAll();
    send("{\"user\": \"ada\"}");
    browser.awaitText("#answer .tag.good", text -> text.startsWith("verdict_for_"));
    browser.awaitText(".table tbody td:nth-child(2)", "user_login");
  }

  @Test
  void whyThereIsNoVerdictIsShown() throws Exception {
    RawWorker worker = page.tester().worker();
    send("{}");
    worker.nack(worker.take(PATIENCE));
    browser.awaitText("#answer .tag.bad", "409 Conflict");
    assertOnlyFailed("/api/actions");
  }

  @Test
  void dataThatIsNoObjectIsNotSent() {
    send("[1]");
    assertEquals(
        "Want a JSON object, such as {\"user\": \"ada\"}.",
        browser.run("return document.getElementById('action-data').validationMessage"));
  }

  @Test
  void itSaysWhenTheCoordinatorIsAwayAndComesBack() {
    int port = page.port();
    page.stop();
    browser.awaitText("#banner", text -> text.startsWith("The coordinator does not answer."));
    page.startOther(setup -> setup.httpPort(port));
    browser.awaitText("#status", "Running");
    browser.awaitText("#banner", "");
    assertOnlyFailed("/api/events");
  }

  @Test
  void itSaysWhenTooManyWatch() throws IOException {
    page.stop();
    page.startOther(setup -> setup.maxWatchers(1));
    try (Socket watcher = new Socket(InetAddress.getLoopbackAddress(), page.port())) {
      watcher
          .getOutputStream()
          .write("GET /api/events HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(UTF_8));
      assertEquals('H', watcher.getInputStream().read());
      page.show("overview");
      browser.awaitText("#banner", text -> text.startsWith("1 watch already: http.maxWatchers."));
    }
    browser.awaitText("#status", "Running");
    assertOnlyFailed("/api/events");
  }

  private void send(String data) {
    page.show("actions");
    browser.fill("#action-name", "user_login");
    browser.fill("#action-data", data);
    browser.click("form .primary");
  }
}
