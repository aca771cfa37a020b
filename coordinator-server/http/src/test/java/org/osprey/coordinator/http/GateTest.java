package org.osprey.coordinator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javalin.router.JavalinDefaultRoutingApi;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.http.HttpFixture.Answer;
import org.osprey.coordinator.security.Role;

/** Who is let through to which route. */
@Timeout(60)
class GateTest {
  private static final List<String> READS =
      List.of(
          "/api/workers",
          "/api/sources",
          "/api/queue",
          "/api/actions/recent",
          "/api/dead-letters",
          "/api/dead-letters/1",
          "/health");
  private static final List<String> ORDERS =
      List.of(
          "/api/drain",
          "/api/sources/orders/pause",
          "/api/sources/orders/resume",
          "/api/workers/1/disconnect",
          "/api/dead-letters/replay",
          "/api/dead-letters/purge");

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private KnownCallers callers;
  private HttpFixture http;

  @BeforeEach
  void open() {
    callers = KnownCallers.ofEachRole(folder);
    http = new HttpFixture(callers.security(), GateTest::addMore);
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    http.close();
    callers.close();
  }

  private static void addMore(JavalinDefaultRoutingApi routes) {
    routes.get("/forgotten", context -> context.result("here"));
    routes.get("/either", context -> context.result("here"), Need.VIEWER, Need.SUBMITTER);
    WebSockets.add(routes, "/socket", Need.VIEWER, 10_000, context -> new DeafSocket());
  }

  @Test
  void whoShowsNothingGetsNothing() {
    READS.forEach(path -> assertUnknown(http.get(path)));
    ORDERS.forEach(path -> assertUnknown(http.post(path)));
    assertEquals(0, http.drains.get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong-token-0123456789",
        "Bearer",
        "Bearer ",
        "Basic dmlld2VyOnZpZXdlcg==",
        "token-of-operator-0123456789",
        "Bearer token-of-operator-0123456789 x",
        "Bearer token-of-operator-012345678"
      })
  void whoShowsSomethingElseGetsNothing(String authorization) {
    READS.forEach(path -> assertUnknown(http.send(as(path, authorization).GET())));
    ORDERS.forEach(path -> assertUnknown(order(path, authorization)));
    assertEquals(0, http.drains.get());
  }

  @Test
  void viewersRead() {
    for (String path : READS) {
      int status = http.send(as(path, KnownCallers.bearer("viewer")).GET()).status();
      assertTrue(status == 200 || status == 404, path + " " + status);
    }
    ORDERS.forEach(path -> assertNotAllowed("viewer", order(path, KnownCallers.bearer("viewer"))));
    assertEquals(0, http.drains.get());
  }

  @Test
  void operatorsReadAndSteer() {
    String operator = KnownCallers.bearer("operator");
    assertEquals(200, http.send(as("/api/queue", operator).GET()).status());
    assertEquals(202, order("/api/drain", operator).status());
    assertEquals(1, http.drains.get());
    assertEquals(200, order("/api/sources/orders/pause", operator).status());
  }

  @Test
  void workersAndSubmittersDoNeither() {
    for (String name : List.of("worker", "submitter")) {
      READS.forEach(
          path -> assertNotAllowed(name, http.send(as(path, KnownCallers.bearer(name)).GET())));
      ORDERS.forEach(path -> assertNotAllowed(name, order(path, KnownCallers.bearer(name))));
    }
  }

  @Test
  void aRouteThatSaysNothingIsForOperators() {
    assertUnknown(http.get("/forgotten"));
    assertNotAllowed("viewer", http.send(as("/forgotten", KnownCallers.bearer("viewer")).GET()));
    assertEquals(200, http.send(as("/forgotten", KnownCallers.bearer("operator")).GET()).status());
  }

  @Test
  void oneOfSeveralRolesIsEnough() {
    for (String name : List.of("viewer", "submitter", "operator")) {
      assertEquals(200, http.send(as("/either", KnownCallers.bearer(name)).GET()).status());
    }
    assertNotAllowed("worker", http.send(as("/either", KnownCallers.bearer("worker")).GET()));
  }

  @Test
  void someThingsAreForEverybody() {
    for (String path :
        List.of("/health/live", "/health/ready", "/api/openapi.yaml", "/docs", "/api/session")) {
      assertEquals(200, http.get(path).status(), path);
    }
    assertEquals(404, http.get("/nowhere").status());
  }

  @Test
  void aHeadTellsNoMoreThanAGet() {
    Answer head = http.send(http.request("/api/queue").method("HEAD", BodyPublishers.noBody()));
    assertEquals("", head.body());
    assertEquals(Optional.empty(), head.response().headers().firstValue("ETag"));
  }

  @Test
  void socketsAreGuardedToo() {
    assertUnknown(http.get("/socket"));
    assertEquals(401, refusedSocket("Bearer wrong-token-0123456789").statusCode());
    HttpResponse<?> refused = refusedSocket(KnownCallers.bearer("submitter"));
    assertEquals(403, refused.statusCode());
    String type = refused.headers().firstValue("Content-Type").orElse("");
    assertTrue(type.startsWith("application/problem+json"), type);
    socket(KnownCallers.bearer("viewer")).abort();
  }

  @Test
  void whoShowsNothingMayHaveARole() {
    http.close();
    callers.close();
    callers = KnownCallers.ofEachRole(folder).anonymous(Role.VIEWER);
    http = new HttpFixture(callers.security());
    assertEquals(200, http.get("/api/queue").status());
    Answer refused = http.post("/api/drain");
    assertNotAllowed("anonymous", refused);
    assertUnknown(http.send(as("/api/queue", "Bearer wrong-token-0123456789").GET()));
    assertEquals(202, order("/api/drain", KnownCallers.bearer("operator")).status());
  }

  @Test
  void tokensOfNobodyAreNotInTheAnswer() {
    Answer refused = http.send(as("/api/queue", "Bearer planted-secret-0123456789").GET());
    assertTrue(!refused.body().contains("planted"), refused.body());
  }

  private Answer order(String path, String authorization) {
    return http.send(as(path, authorization).POST(BodyPublishers.noBody()));
  }

  private HttpRequest.Builder as(String path, String authorization) {
    return http.request(path).header("Authorization", authorization);
  }

  private HttpResponse<?> refusedSocket(String authorization) {
    CompletionException failure =
        assertThrows(CompletionException.class, () -> socket(authorization));
    return assertInstanceOf(WebSocketHandshakeException.class, failure.getCause()).getResponse();
  }

  private WebSocket socket(String authorization) {
    return client
        .newWebSocketBuilder()
        .header("Authorization", authorization)
        .buildAsync(
            URI.create("ws://127.0.0.1:%d/socket".formatted(http.port())),
            new WebSocket.Listener() {})
        .join();
  }

  private static void assertUnknown(Answer answer) {
    assertEquals(401, answer.status(), answer.body());
    assertEquals("application/problem+json", answer.type());
    assertEquals(Optional.of("Bearer"), answer.response().headers().firstValue("WWW-Authenticate"));
  }

  private static void assertNotAllowed(String name, Answer answer) {
    assertEquals(403, answer.status(), answer.body());
    assertEquals("application/problem+json", answer.type());
    assertTrue(answer.detail().startsWith(name + " is no "), answer.detail());
  }
}
