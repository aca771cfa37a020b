package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Looks at the dashboard, in one browser for all tests of a class. */
abstract class BrowserTest {
  static Browser browser;

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

  /** Returns when the page knows its coordinator. */
  static void visit(String url) {
    browser.resize(1280, 900);
    browser.open(url);
    browser.awaitText("#status", "Running");
  }

  /** Fails for errors on the browser's console. */
  static void leave(Runnable closing) {
    List<String> errors = browser.errors();
    // Or it would look for this coordinator while the next test runs.
    browser.open("about:blank");
    closing.run();
    assertEquals(List.of(), errors, "on the browser's console");
  }
}
