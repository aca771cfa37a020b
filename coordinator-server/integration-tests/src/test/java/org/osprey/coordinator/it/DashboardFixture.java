package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySource;
import org.osprey.coordinator.core.Ticker;

/** A coordinator and a browser that shows its dashboard. The browser outlives it. */
final class DashboardFixture implements AutoCloseable {
  static final List<String> VIEWS =
      List.of("overview", "workers", "actions", "dead-letters", "health");

  private final Browser browser;
  private final InMemoryOrigin origin = new InMemoryOrigin();
  private CoordinatorTester tester;

  DashboardFixture(Browser browser) {
    this.browser = browser;
    tester = start(setup -> setup);
    browser.resize(1280, 900);
    show("overview");
    browser.awaitText("#status", "Running");
  }

  CoordinatorTester tester() {
    return tester;
  }

  int port() {
    return tester.coordinator().httpPort();
  }

  void show(String view) {
    browser.open("http://127.0.0.1:%d/#%s".formatted(port(), view));
  }

  /** The coordinator goes away. */
  void stop() {
    tester.close();
  }

  /** Another coordinator, after {@link #stop}. */
  void startOther(UnaryOperator<CoordinatorTester.Setup> change) {
    tester = start(change);
  }

  /** Something to see in every view. */
  void fill() {
    tester.worker().ackingAll();
    putLetter(7, "report_filed");
    addAction(1);
    browser.awaitText("#step-handled", "1");
  }

  /** At the source. */
  void addAction(long id) {
    origin.add(action(id, "user_login"));
  }

  void putLetter(long id, String name) {
    tester
        .deadLetters()
        .put(
            new DeadLetter(
                DeadLetter.Reason.NACKED,
                "source-1",
                "place=" + id,
                new DeadLetter.Decoded(action(id, name)),
                3,
                0,
                "nacked by worker test",
                null));
  }

  /** Fails for errors on the browser's console. */
  @Override
  public void close() {
    List<String> errors = browser.errors();
    // Or it would look for this coordinator while the next test runs.
    browser.open("about:blank");
    tester.close();
    assertEquals(List.of(), errors, "on the browser's console");
  }

  private CoordinatorTester start(UnaryOperator<CoordinatorTester.Setup> change) {
    InMemorySource source =
        new InMemorySource("orders", origin, new InMemoryDeadLetters(), Ticker.system());
    return change.apply(new CoordinatorTester.Setup().source(source)).start();
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
