package org.osprey.coordinator.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.http.HttpSecurity;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.AccessSettings;
import org.osprey.coordinator.security.CredentialFiles;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.IdentitySettings;
import org.osprey.coordinator.security.Role;

/** Who may look at whose tasks. */
@Timeout(120)
class TaskOwnerTest {
  private static final String TASK =
      """
      {"task_name": "n", "task_description": "d", "payload": [{"revenue": {"scenario_id": "s"}}]}
      """;

  @TempDir private Path folder;
  private final FakeService revenue = new FakeService();
  private CredentialFiles files;
  private TaskServer server;

  @BeforeEach
  void start() {
    Access access =
        new Access(
            new AccessSettings(
                List.of(
                    identity("ann", Role.SUBMITTER),
                    identity("ben", Role.SUBMITTER),
                    identity("eve", Role.VIEWER)),
                null,
                Set.of()),
            Ticker.system(),
            InstantSource.system());
    files = new CredentialFiles(List.of(), access, Ticker.system());
    files.start();
    server =
        new TaskServer(
            DatabaseSettings.builder().file(folder.resolve("test.db")).build(),
            List.of(TaskServer.service("revenue", revenue.url())),
            Set.of(),
            new HttpSecurity(access, null, InstantSource.system()));
  }

  @AfterEach
  void stop() {
    server.close();
    files.close();
    revenue.close();
  }

  @Test
  void aSubmitterSeesItsOwnAndAViewerAll() {
    String id = submit("ann", "first");
    for (String path : List.of("/api/tasks/" + id, "/api/tasks/" + id + "?wait=30s")) {
      assertEquals(200, get(path, "ann", "*/*").statusCode());
      assertEquals(200, get(path, "eve", "*/*").statusCode());
      HttpResponse<String> foreign = get(path, "ben", "*/*");
      assertEquals(404, foreign.statusCode());
      assertEquals(detail(get("/api/tasks/none", "ben", "*/*")), detail(foreign));
    }
    assertEquals(404, get("/api/tasks/" + id, "ben", "text/event-stream").statusCode());
    assertEquals(200, get("/api/tasks/" + id, "ann", "text/event-stream").statusCode());
  }

  @Test
  void keysOfTwoIdentitiesAreTwo() {
    String id = submit("ann", "same");
    assertEquals(id, submit("ann", "same"));
    assertNotEquals(id, submit("ben", "same"));
  }

  private static String detail(HttpResponse<String> response) {
    return TaskServer.json(response).get("detail").asString();
  }

  private String submit(String name, String key) {
    HttpResponse<String> accepted =
        TaskServer.send(
            as(name, "/api/orchestrate")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(TASK)));
    assertEquals(200, accepted.statusCode(), accepted::body);
    return TaskServer.json(accepted).get("task_id").asString();
  }

  private HttpResponse<String> get(String path, String name, String accept) {
    return TaskServer.send(as(name, path).header("Accept", accept).GET());
  }

  private HttpRequest.Builder as(String name, String path) {
    return server.request(path).header("Authorization", "Bearer " + token(name));
  }

  private IdentitySettings identity(String name, Role role) {
    try {
      Path file = Files.writeString(folder.resolve(name), token(name) + "\n");
      return new IdentitySettings(
          name, Set.of(role), file, List.of(), List.of(), Identity.Limits.NONE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String token(String name) {
    return "token-of-" + name + "-0123456789";
  }
}
