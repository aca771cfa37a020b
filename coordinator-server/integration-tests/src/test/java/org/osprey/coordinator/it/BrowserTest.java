package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
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

  /** The console tells of every answer that is no success. */
  static void assertOnlyFailed(String path) {
    List<String> errors = browser.errors();
    assertTrue(errors.stream().allMatch(error -> error.contains(path)), errors::toString);
  }

  /**
   * Fails for text too faint, for controls without a name, and for a page wider than its window.
   */
  static void assertReadable() throws IOException {
    assertEquals(List.of(), browser.run(script("contrast.js")));
    assertEquals(List.of(), browser.run(script("nameless.js")));
    assertEquals(
        0L, browser.run("return document.documentElement.scrollWidth - document.body.clientWidth"));
  }

  /** One of the test's resources. */
  static String script(String name) throws IOException {
    try (InputStream script = BrowserTest.class.getResourceAsStream("/" + name)) {
      return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
    }
  }
}
