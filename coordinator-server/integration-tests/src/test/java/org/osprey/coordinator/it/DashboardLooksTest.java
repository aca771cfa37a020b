package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether everyone can read and use the dashboard, in a real browser. */
@Timeout(180)
class DashboardLooksTest extends BrowserTest {
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
    page.fill();
    browser.resize(width, 844);
    for (String view : DashboardFixture.VIEWS) {
      showFilled(view);
      assertEquals(
          0L,
          browser.run("return document.documentElement.scrollWidth - document.body.clientWidth"),
          view);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyTextCanBeReadInBothThemes(String theme) throws IOException {
    page.fill();
    browser.run("document.documentElement.dataset.theme = '" + theme + "'");
    for (String view : DashboardFixture.VIEWS) {
      showFilled(view);
      assertEquals(List.of(), browser.run(script("contrast.js")), view);
    }
  }

  @Test
  void everyControlHasANameAndEveryChartSaysWhatItShows() throws IOException {
    page.fill();
    for (String view : DashboardFixture.VIEWS) {
      showFilled(view);
      assertEquals(List.of(), browser.run(script("nameless.js")), view);
    }
  }

  private void showFilled(String view) {
    page.show(view);
    browser.awaitText("nav [aria-current]", text -> !text.isEmpty());
    if (view.equals("dead-letters")) {
      browser.awaitCount("tbody tr", 1);
    }
  }

  private static String theme() {
    return String.valueOf(browser.run("return document.documentElement.dataset.theme"));
  }
}
