package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.tasks.samples.SampleService.Behaviour;

/** What the dashboard shows of tasks and does with them, in a real browser. */
@Timeout(180)
class DashboardTasksTest extends BrowserTest {
  private static final Behaviour FAILING = new Behaviour(Duration.ZERO, 1, 0);
  private static final Behaviour SLOW = new Behaviour(Duration.ofMinutes(1), 0, 0);
  private static final String STATUS = ".head .tag";

  @TempDir private Path folder;
  private TasksFixture tasks;

  @BeforeEach
  void open() {
    tasks = new TasksFixture(folder, Behaviour.QUICK);
    visit(tasks.url() + "/#tasks");
  }

  @AfterEach
  void close() {
    leave(tasks::close);
  }

  @Test
  void theExampleIsSentAndFollowedToItsEnd() {
    browser.awaitCount("#views a", DashboardFixture.VIEWS.size() + 1);
    browser.awaitText(".empty p", text -> text.startsWith("There is no such task."));
    browser.click("form .primary");
    browser.awaitText("h2", "Compute Financial Metrics");
    browser.awaitText(STATUS, "completed");
    browser.awaitText(".head .progress", "3 of 3");
    browser.awaitCount(".requests li", 3);
    browser.awaitText(".requests .detail", text -> text.startsWith("1 attempt"));
    browser.click(".requests details:last-child summary");
    browser.awaitText(".requests details[open] pre", text -> text.contains("\"success\""));
    browser.click(".card a");
    browser.awaitText("tbody .tag", "completed");
    browser.awaitText("tbody .progress", "3 of 3");
  }

  @Test
  void whatFailedIsRetriedAfterAQuestion() throws Exception {
    restart(FAILING);
    browser.open(tasks.url() + "/#tasks/" + tasks.send());
    browser.awaitText(STATUS, "failed");
    browser.awaitText(".requests .error", text -> text.startsWith("status 500"));
    browser.click(".head .primary");
    browser.awaitText("dialog h2", "Retry this task?");
    browser.click("dialog .button:not(.primary)");
    browser.awaitCount("dialog", 0);
    browser.click(".head .primary");
    browser.click("dialog .primary");
    browser.awaitText(".note p", "It is called once more.");
    browser.awaitText(".requests .detail", text -> text.startsWith("2 attempts"));
    browser.awaitText(STATUS, "failed");
  }

  @Test
  void aTaskIsCancelledAfterAQuestion() throws Exception {
    restart(SLOW);
    browser.open(tasks.url() + "/#tasks/" + tasks.send());
    browser.awaitText(STATUS, "in progress");
    browser.click(".head .danger");
    browser.awaitText("dialog h2", "Cancel this task?");
    browser.click("dialog .danger");
    browser.awaitText(".note p", "The task is cancelled.");
    browser.awaitText(STATUS, "cancelled");
  }

  @Test
  void theListHasFiltersAndPages() throws Exception {
    for (int i = 0; i < 26; i++) {
      tasks.send();
    }
    browser.awaitCount("tbody tr", 25);
    browser.click(".pages .button:last-child");
    browser.awaitCount("tbody tr", 1);
    browser.awaitText(".lead", "Page 2");
    browser.click(".pages .button:first-child");
    browser.awaitCount("tbody tr", 25);
    browser.click("[data-status='FAILED']");
    browser.awaitCount("tbody tr", 0);
    browser.click("[data-status='COMPLETED']");
    browser.awaitCount("tbody tr", 25);
    browser.fill("[type='search']", "Another");
    browser.awaitCount("tbody tr", 0);
    browser.fill("[type='search']", "Compute Financial Metrics");
    browser.awaitCount("tbody tr", 25);
  }

  @Test
  void aMistakeIsShown() {
    browser.fill("#task-request", "{}");
    browser.click("form .primary");
    browser.awaitText("#task-answer .tag.bad", text -> text.startsWith("422 "));
    browser.awaitText("#task-answer p:last-child", text -> text.startsWith("payload: "));
    List<String> errors = browser.errors();
    assertTrue(
        errors.stream().allMatch(error -> error.contains("/api/orchestrate")), () -> "" + errors);
  }

  @ParameterizedTest
  @CsvSource({"light, 1280", "dark, 390"})
  void everyoneCanReadAndUseIt(String theme, int width) throws Exception {
    restart(FAILING);
    browser.resize(width, 844);
    browser.run("document.documentElement.dataset.theme = '" + theme + "'");
    String id = tasks.send();
    browser.awaitText("tbody .tag", "failed");
    browser.awaitText("tbody .error", text -> text.contains("status 500"));
    assertReadable();
    browser.run("location.hash = 'tasks/" + id + "'");
    browser.awaitCount(".requests li", 3);
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)");
    assertReadable();
  }

  /** With services of other manners. */
  private void restart(Behaviour behaviour) {
    browser.open("about:blank");
    tasks.close();
    tasks = new TasksFixture(folder, behaviour);
    browser.open(tasks.url() + "/#tasks");
    browser.awaitText("#status", "Running");
  }
}
