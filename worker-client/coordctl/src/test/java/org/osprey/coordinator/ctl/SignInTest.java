package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a token: that it is sent, never shown, and what is said when it is not enough. */
@Timeout(60)
class SignInTest {
  private static final String PROBLEM = "application/problem+json";
  private static final String TOKEN = "s3cret-token_~+/=";

  private final FakeCoordinator fake = new FakeCoordinator();
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeToken() throws IOException {
    file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
  }

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void itGoesWithEveryRequest() {
    fake.answering("/api/queue", 200, "application/json", "{}");
    fake.answering("/api/actions", 200, "application/json", "{\"id\":\"1\"}");
    fake.answering(
        "/streams/show/events",
        200,
        "text/event-stream",
        "event: state\ndata: {\"is_complete\":true}\n\n");
    assertEquals(0, ask("queue", "--token-file", file.toString()).status());
    assertEquals(0, ask("send", "--name", "a", "--token-file", file.toString()).status());
    assertEquals(0, ask("--token-file", file.toString(), "streams", "watch", "show").status());
    assertEquals(
        List.of("Bearer " + TOKEN, "Bearer " + TOKEN, "Bearer " + TOKEN), fake.authorizations());
  }

  @Test
  void aVariableNamesItsFileUntilTheOptionDoes() throws IOException {
    fake.answering("/api/queue", 200, "application/json", "{}");
    Path other = Files.writeString(folder.resolve("other"), "other");
    Shell shell = shell().variable("OSPREY_COORDINATOR_TOKEN_FILE", file.toString());
    assertEquals(0, shell.run("queue").status());
    assertEquals(0, shell.run("queue", "--token-file", other.toString()).status());
    assertEquals(0, ask("queue").status());
    assertEquals(List.of("Bearer " + TOKEN, "Bearer other", "null"), fake.authorizations());
  }

  @Test
  void itGoesWithLoad() {
    fake.answering("/health/live", 200, "application/json", "{}");
    fake.answering("/api/actions", 200, "application/json", "{\"id\":\"1\"}");
    Shell.Run run =
        ask(
            "load --via http --callers 1 --warm-up 0s --duration 100ms --token-file".split(" ", -1),
            file.toString());
    assertEquals(0, run.status(), run.err());
    assertEquals(Set.of("Bearer " + TOKEN), Set.copyOf(fake.authorizations()));
  }

  @Test
  void whoIsUnknownHearsHowToSignIn() {
    fake.answering("/api/queue", 401, PROBLEM, "{\"title\":\"Unauthorized\",\"detail\":\"who?\"}");
    assertEquals(
        error(
            1,
            "who? (401 Unauthorized);"
                + " --token-file or OSPREY_COORDINATOR_TOKEN_FILE name a file with a token"),
        ask("queue"));
    assertEquals(
        error(
            1,
            "who? (401 Unauthorized);"
                + " is that token or certificate known there, and not expired?"),
        ask("queue", "--token-file", file.toString()));
  }

  @Test
  void whoMayNotHearsWhoMay() {
    fake.answering(
        "/api/queue", 403, PROBLEM, "{\"title\":\"Forbidden\",\"detail\":\"wants viewer\"}");
    assertEquals(
        error(1, "wants viewer (403 Forbidden); somebody with more rights may (--token-file)"),
        ask("queue", "--token-file", file.toString()));
  }

  @Test
  void eventsAreRefusedInTheSameWords() {
    fake.answering(
        "/streams/show/events", 401, PROBLEM, "{\"title\":\"Unauthorized\",\"detail\":\"who?\"}");
    Shell.Run run = ask("streams", "watch", "show");
    assertEquals(1, run.status());
    assertTrue(run.err().contains("--token-file"), run.err());
  }

  @Test
  void aFileWithoutATokenIsBadUsageAndNotShown() throws IOException {
    Path missing = folder.resolve("missing");
    assertEquals(
        error(2, "--token-file: there is no file " + missing + " that can be read"),
        ask("queue", "--token-file", missing.toString()));
    Files.writeString(file, " \n");
    assertEquals(
        error(2, "--token-file: want one token of printable ASCII in " + file + ", got none"),
        ask("queue", "--token-file", file.toString()));
    for (String text : new String[] {"two words", "two\nlines", "ünicode"}) {
      Files.writeString(file, text);
      Shell.Run run = shell().variable("OSPREY_COORDINATOR_TOKEN_FILE", file.toString()).run("top");
      assertEquals(2, run.status());
      assertTrue(run.err().startsWith("coordctl: OSPREY_COORDINATOR_TOKEN_FILE: "), run.err());
      assertFalse(run.err().contains(text), run.err());
    }
    assertEquals(List.of(), fake.requests());
  }

  private Shell.Run ask(String[] words, String last) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = last;
    return ask(all);
  }

  private Shell.Run ask(String... words) {
    Shell.Run run = shell().run(words);
    assertFalse((run.out() + run.err()).contains(TOKEN), run.err());
    return run;
  }

  private Shell shell() {
    return new Shell().variable("OSPREY_COORDINATOR_URL", fake.url());
  }

  private static Shell.Run error(int status, String line) {
    return new Shell.Run(status, "", "coordctl: " + line + System.lineSeparator());
  }
}
