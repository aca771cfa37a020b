package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.ctl.FakeCoordinator.Request;

/** What goes out for an action, and what is made of the answer. */
class SendTest {
  private static final String PATH = "/api/actions";
  private static final String JSON = "application/json";
  private static final String LINES = "application/x-ndjson";

  @TempDir private Path folder;
  private final FakeCoordinator fake = new FakeCoordinator();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void theActionGoesOutAsItWasGiven() {
    fake.answering(PATH, 200, JSON, "{\"id\":\"7\",\"name\":\"login\",\"verdicts\":[\"a\",\"b\"]}");
    Shell.Run run =
        send("--name", "login", "--id", "7", "--data", "{\"n\":1.10}", "--timeout", "2s");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        List.of(
            new Request(
                "POST /api/actions?mode=sync&timeout=2000ms",
                JSON,
                "{\"id\":\"7\",\"name\":\"login\",\"data\":{\"n\":1.10}}")),
        fake.requests());
    assertTrue(
        run.out().matches("id +7\\Rname +login\\Rverdicts +a, b\\Rtook +\\S+ \\S+\\R"), run.out());
  }

  @Test
  void asyncSaysThatItIsAccepted() {
    fake.answering(PATH, 202, JSON, "{\"id\":\"18446744073709551615\",\"status\":\"accepted\"}");
    Shell.Run run = send("--name", "login", "--async");
    assertEquals(0, run.status(), run.err());
    assertEquals("POST /api/actions?mode=async", fake.requests().getFirst().line());
    assertEquals("{\"name\":\"login\",\"data\":{}}", fake.requests().getFirst().body());
    assertTrue(run.out().startsWith("id      18446744073709551615"), run.out());
    assertTrue(run.out().contains("status  accepted"), run.out());
    assertEquals(
        "{\n  \"id\" : \"18446744073709551615\",\n  \"status\" : \"accepted\"\n}\n",
        send("--name", "login", "--async", "-o", "json").out());
  }

  @Test
  void anActionMayHaveToWait() {
    fake.answering(PATH, 202, JSON, "{\"id\":\"1\",\"status\":\"accepted\"}");
    assertEquals(
        0, send("--name", "x", "--async", "--not-before", "2026-11-21T10:00:00Z").status());
    assertEquals(
        "{\"name\":\"x\",\"data\":{},\"not_before\":\"2026-11-21T10:00:00Z\"}",
        fake.requests().getFirst().body());
  }

  @Test
  void thePayloadMayBeInAFileOrOnStdin() throws IOException {
    fake.answering(PATH, 200, JSON, "{\"id\":\"1\",\"verdicts\":[]}");
    Path file = Files.writeString(folder.resolve("data.json"), "{\"from\": \"file\"}\n");
    assertEquals(0, send("--name", "x", "--data", "@" + file).status());
    assertEquals(
        0,
        shell().typing("{\"from\": \"stdin\"}").run("send", "--name", "x", "--data", "-").status());
    assertEquals(
        List.of("{\"from\": \"file\"}\n", "{\"from\": \"stdin\"}"),
        fake.requests().stream()
            .map(request -> request.body().replaceFirst("^.*\"data\":", "").replaceFirst("}$", ""))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":", "[1]", "nonsense", "{} {}", "@/no/such/file"})
  void aPayloadThatIsNoObjectIsRefusedHere(String data) {
    Shell.Run run = send("--name", "x", "--data", data);
    assertEquals(2, run.status());
    assertTrue(run.err().startsWith("coordctl: --data: "), run.err());
    assertEquals(1, run.err().lines().count());
    assertEquals(List.of(), fake.requests());
  }

  @Test
  void aNackIsARefusal() {
    fake.answering(
        PATH,
        409,
        "application/problem+json",
        "{\"title\":\"Conflict\",\"detail\":\"a worker nacked it\"}");
    assertEquals(
        new Shell.Run(1, "", "coordctl: a worker nacked it (409 Conflict)\n"), send("--name", "x"));
  }

  @Test
  void optionsThatDoNotFitTogetherAreNamed() {
    assertEquals(2, send().status());
    assertEquals(2, send("--file", "x", "--name", "y").status());
    assertEquals(2, send("--name", "y", "--not-before", "2026-11-21T10:00:00Z").status());
    assertEquals(2, send("--name", "y", "--async", "--not-before", "tomorrow").status());
    assertEquals(2, send("--name", "y", "--failed", "z").status());
    assertEquals(2, send("--file", folder.resolve("none").toString()).status());
    assertEquals(List.of(), fake.requests());
  }

  @Test
  void failedLinesAreCountedNamedAndKept() throws IOException {
    fake.answering(
        PATH,
        200,
        LINES,
        """
        {"line":1,"status":200,"id":"1","verdicts":["seen"]}
        {"line":2,"status":409,"id":"2","detail":"a worker nacked it"}
        """);
    Path file =
        Files.writeString(folder.resolve("actions"), "\n{\"name\":\"a\"}\n \n{\"name\":\"b\"}");
    Path failed = folder.resolve("failed");
    Shell.Run run = send("--file", file.toString(), "--failed", failed.toString());
    assertEquals(1, run.status());
    assertEquals("line 4: a worker nacked it (409)\n", run.err());
    assertTrue(run.out().startsWith("sent 2, 1 failed, "), run.out());
    assertEquals("{\"name\":\"b\"}\n", Files.readString(failed));
    assertEquals(
        List.of(
            new Request(
                "POST /api/actions?mode=sync", LINES, "{\"name\":\"a\"}\n{\"name\":\"b\"}\n")),
        fake.requests());

    Shell.Run json = send("--file", file.toString(), "-o", "json");
    assertEquals(1, json.status());
    assertEquals(
        """
        {"line":2,"status":200,"id":"1","verdicts":["seen"]}
        {"line":4,"status":409,"id":"2","detail":"a worker nacked it"}
        """,
        json.out());
    assertEquals("", json.err());
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("actions"), "{}");
    Path failed = folder.resolve("no-folder").resolve("failed");
    Shell.Run run = send("--file", file.toString(), "--failed", failed.toString());
    assertEquals(new Shell.Run(2, "", "coordctl: NoSuchFileException: " + failed + "\n"), run);
  }

  @Test
  void manyLinesGoInBatches() {
    fake.answering(PATH, 200, LINES, results(256));
    String lines = IntStream.range(0, 512).mapToObj(i -> "{}\n").collect(Collectors.joining());
    Shell.Run run = shell().typing(lines).run("send", "--async", "--file", "-");
    assertEquals(0, run.status(), run.err());
    assertEquals(2, fake.requests().size());
    assertTrue(run.out().startsWith("sent 512, 0 failed"), run.out());
  }

  @Test
  void whatIsUnansweredIsSaid() {
    fake.answering(PATH, 200, LINES, results(1));
    Shell.Run run = shell().typing("{}\n{}\n").run("send", "--file", "-");
    assertEquals(4, run.status());
    assertEquals("coordctl: want one result for each line, got 1 results for 2 lines\n", run.err());
  }

  @Test
  void aBatchThatIsRefusedSaysWhereToGoOn() {
    fake.answering(
        PATH, 503, "application/problem+json", "{\"title\":\"Unavailable\",\"detail\":\"full\"}");
    Shell.Run run = shell().typing("\n{}\n").run("send", "--file", "-");
    assertEquals(1, run.status());
    assertTrue(
        run.err().startsWith("coordctl: from line 2 on: full (503 Unavailable) (sent 0, "),
        run.err());
  }

  private static String results(int lines) {
    return IntStream.rangeClosed(1, lines)
        .mapToObj(line -> "{\"line\":" + line + ",\"status\":202}\n")
        .collect(Collectors.joining());
  }

  private Shell shell() {
    return new Shell().variable("OSPREY_COORDINATOR_URL", fake.url());
  }

  private Shell.Run send(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "send";
    System.arraycopy(words, 0, all, 1, words.length);
    return shell().run(all);
  }
}
