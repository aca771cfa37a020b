package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.app.Guards;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.AccessSettings;
import org.osprey.coordinator.security.CredentialFiles;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.IdentitySettings;
import org.osprey.coordinator.security.Role;

/** The dashboard of a coordinator that wants to know who looks, in a real browser. */
@Timeout(180)
class DashboardSignInTest extends BrowserTest {
  private static final Path PICTURES = Path.of("target", "pictures");

  @TempDir private Path folder;
  private DashboardFixture page;

  @BeforeEach
  void open() {
    page = new DashboardFixture(browser);
    page.stop();
    // Or the page of that one would be asked for again.
    browser.open("about:blank");
    page.startOther(this::guarded);
    page.show("overview");
  }

  private CoordinatorTester.Setup guarded(CoordinatorTester.Setup setup) {
    Ticker ticker = Ticker.system();
    AccessSettings settings =
        new AccessSettings(
            List.of(
                identity("ann", Role.OPERATOR),
                identity("vic", Role.VIEWER),
                identity("sam", Role.SUBMITTER)),
            null,
            // Their port is no matter of this test.
            Set.of(Role.WORKER));
    Access access = new Access(settings, ticker, InstantSource.system());
    return setup
        .guards(new Guards(access, null, null, null))
        .component(new CredentialFiles(List.of(), access, ticker));
  }

  private IdentitySettings identity(String name, Role role) {
    return new IdentitySettings(
        name, Set.of(role), write(name, token(name)), List.of(), List.of(), Identity.Limits.NONE);
  }

  private Path write(String name, String token) {
    try {
      return Files.writeString(folder.resolve(name), token);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String token(String name) {
    return "planted-token-of-" + name;
  }

  @AfterEach
  void close() {
    page.close();
  }

  @Test
  void whoOpensItSignsInAndSteers() throws IOException {
    browser.awaitText("dialog h2", "Sign in");
    browser.awaitText("#status", "Not signed in");
    picture("sign-in");
    submit("wrong-token-0123456789");
    browser.awaitText("dialog .wrong", "This token is not known here.");
    picture("sign-in-refused");
    assertOnlyFailed("/api/session");
    signIn("ann");
    picture("signed-in");
    browser.click("[aria-label='Pause source-1']");
    browser.awaitText(".list .tag.warn", "paused");
    assertTrue(page.tester().coordinator().sources().list().getFirst().paused());
    browser.click("#sign-out");
    browser.awaitText("dialog h2", "Sign in");
    browser.awaitText("#status", "Not signed in");
    browser.awaitCount("main > :not(noscript)", 0);
  }

  @Test
  void noScriptCanReadWhatItSignedInWith() {
    signIn("ann");
    assertEquals("", browser.run("return document.cookie"));
    assertEquals(0L, browser.run("return localStorage.length + sessionStorage.length"));
    assertFalse(
        String.valueOf(browser.run("return document.documentElement.outerHTML"))
            .contains("planted"));
    browser.reload();
    browser.awaitText("#status", "Running");
    browser.awaitText(".who", "ann");
  }

  @Test
  void aViewerSeesNoButtonsThatAreNotForViewers() throws IOException {
    page.putLetter(7, "report_filed");
    page.tester().worker();
    signIn("vic");
    page.show("workers");
    browser.awaitText("tbody td", "raw-worker");
    for (String view : DashboardFixture.VIEWS) {
      page.show(view);
      browser.awaitText("nav [aria-current]", text -> !text.isEmpty());
      assertEquals(List.of(), browser.run(VISIBLE), view);
    }
    page.show("dead-letters");
    browser.awaitCount("tbody tr", 1);
    picture("viewer");
    browser.click("[aria-label='View dead letter 1']");
    browser.awaitText("dialog h2", "Dead letter 1");
  }

  /** What is there for other roles and can be seen. */
  private static final String VISIBLE =
      "return [...document.querySelectorAll('[data-needs]')]"
          + ".filter((element) => element.checkVisibility()).map((element) => element.outerHTML)";

  @Test
  void whoMaySendOnlyIsToldThatThereIsNothingToSee() {
    browser.awaitText("dialog h2", "Sign in");
    submit(token("sam"));
    browser.awaitText("#status", "Not for you to see");
    browser.awaitText(".who", "sam");
    browser.awaitCount("dialog", 0);
  }

  @Test
  void aTokenThatIsTakenAwayEndsTheSession() {
    signIn("ann");
    page.show("dead-letters");
    browser.awaitText(".empty p", text -> text.startsWith("Nothing was given up."));
    write("ann", "another-token-0123456789");
    // Nobody has to click for it.
    browser.awaitText("dialog p", "You are not signed in any more.");
    assertOnlyFailed("/api/");
    write("ann", token("ann"));
    browser.fill("#token", token("ann"));
    askUntil("#status", "Running", "dialog .primary");
    assertOnlyFailed("/api/");
  }

  /** Clicks again and again: files are looked at once a second. */
  private static void askUntil(String css, String text, String button) {
    await()
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(
            () -> {
              browser.run("document.querySelector('" + button + "')?.click()");
              return browser.find(css).getText().equals(text);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void itFitsItsWindow(int width) throws IOException {
    browser.resize(width, 844);
    browser.awaitText("dialog h2", "Sign in");
    picture("sign-in-" + width);
    assertFits();
    signIn("ann");
    picture("signed-in-" + width);
    assertFits();
  }

  private static void assertFits() {
    assertEquals(
        0L, browser.run("return document.documentElement.scrollWidth - document.body.clientWidth"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everythingCanBeReadAndHasAName(String theme) throws IOException {
    browser.awaitText("dialog h2", "Sign in");
    browser.run("document.documentElement.dataset.theme = '" + theme + "'");
    submit("wrong-token-0123456789");
    browser.awaitText("dialog .wrong", "This token is not known here.");
    assertOnlyFailed("/api/session");
    assertEquals(List.of(), browser.run(script("contrast.js")));
    assertEquals(List.of(), browser.run(script("nameless.js")));
    picture("sign-in-" + theme);
  }

  private static void signIn(String name) {
    browser.awaitText("dialog h2", "Sign in");
    submit(token(name));
    browser.awaitText("#status", "Running");
    browser.awaitText(".who", name);
  }

  private static void submit(String token) {
    browser.fill("#token", token);
    browser.click("dialog .primary");
  }

  private static void picture(String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name + ".png"), browser.picture());
  }
}
