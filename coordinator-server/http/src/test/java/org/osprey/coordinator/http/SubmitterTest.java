package org.osprey.coordinator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.security.Identity.Limits;
import org.osprey.coordinator.security.Role;

/** Which actions whoever sends them may send. */
@Timeout(60)
class SubmitterTest {
  private static final String JSON = "application/json";

  @TempDir private Path folder;
  private KnownCallers callers;
  private ActionServer server;

  @BeforeEach
  void open() {
    callers =
        KnownCallers.ofEachRole(folder)
            .with("narrow", Role.SUBMITTER, limits(ActionNames.parse("user_*"), 0, 0, 1_000))
            .with("small", Role.SUBMITTER, limits(ActionNames.ALL, 0, 0, 50))
            // One in a thousand seconds, so the test cannot be slower than that.
            .with("slow", Role.SUBMITTER, limits(ActionNames.ALL, 0.001, 2, 1_000));
    server = ActionServer.guarded(callers.security()).withWorker();
  }

  @AfterEach
  void close() {
    server.close();
    callers.close();
  }

  private static Limits limits(ActionNames names, double rate, double burst, int payload) {
    return new Limits(names, rate, burst, payload, 10);
  }

  @Test
  void onlySubmittersSend() {
    assertEquals(200, send("submitter", action("a", 1)).statusCode());
    for (String name : List.of("viewer", "operator", "worker")) {
      assertEquals(403, send(name, action("a", 1)).statusCode(), name);
    }
    assertEquals(401, server.post("", JSON, action("a", 1)).statusCode());
    assertEquals(401, server.post("?mode=async", JSON, action("a", 1)).statusCode());
    assertEquals(List.of("a"), seen());
  }

  @Test
  void onlyNamesThatAreTheirs() {
    assertEquals(200, send("narrow", action("user_login", 1)).statusCode());
    HttpResponse<String> refused = send("narrow", action("guild_joined", 1));
    assertEquals(403, refused.statusCode());
    assertTrue(refused.body().contains("narrow may not send"), refused.body());
    assertEquals(List.of("user_login"), seen());
  }

  @Test
  void onlyPayloadsThatAreSmallEnough() {
    assertEquals(200, send("small", action("a", 1)).statusCode());
    assertEquals(413, send("small", action("a", 100)).statusCode());
    assertEquals(1, seen().size());
  }

  @Test
  void onlySoManyAtATime() {
    assertEquals(200, send("slow", action("a", 1)).statusCode());
    assertEquals(200, send("slow", action("b", 1)).statusCode());
    HttpResponse<String> refused = send("slow", action("c", 1));
    assertEquals(429, refused.statusCode());
    assertEquals(Optional.of("1"), refused.headers().firstValue("Retry-After"));
    assertEquals(200, send("submitter", action("d", 1)).statusCode());
    assertEquals(List.of("a", "b", "d"), seen());
  }

  @Test
  void eachLineCounts() {
    String lines = action("user_a", 1) + "\n" + action("b", 1) + "\n" + action("user_c", 1) + "\n";
    HttpResponse<String> answer =
        server.send(
            server
                .request("")
                .header("Content-Type", "application/x-ndjson")
                .header("Authorization", KnownCallers.bearer("narrow"))
                .POST(BodyPublishers.ofString(lines)));
    assertEquals(200, answer.statusCode());
    assertEquals(
        List.of(200, 403, 200),
        answer
            .body()
            .lines()
            .map(line -> Json.MAPPER.readTree(line).get("status").asInt())
            .toList());
    assertEquals(List.of("user_a", "user_c"), seen());
  }

  private HttpResponse<String> send(String name, String body) {
    return server.send(
        server
            .request("")
            .header("Content-Type", JSON)
            .header("Authorization", KnownCallers.bearer(name))
            .POST(BodyPublishers.ofString(body)));
  }

  private static String action(String name, int size) {
    return "{\"name\":\"%s\",\"data\":{\"x\":\"%s\"}}".formatted(name, "x".repeat(size));
  }

  private List<String> seen() {
    return server.seen().stream().map(Action::name).toList();
  }
}
