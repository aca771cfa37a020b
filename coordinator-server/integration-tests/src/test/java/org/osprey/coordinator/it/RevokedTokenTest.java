package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is open when the token with which it was opened is taken away. */
@Timeout(300)
class RevokedTokenTest {
  private static final String ANOTHER = "planted-token-of-somebody-else";
  private static final int POLICY_VIOLATION = 1008;

  @TempDir private Path folder;
  private SecureCoordinator secure;
  private HttpClient http;

  @BeforeEach
  void start() throws Exception {
    secure = new SecureCoordinator(folder);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, secure.server.bundle().toTrustManagerFactory().getTrustManagers(), null);
    http = HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void close() {
    http.shutdownNow();
    secure.close();
  }

  @Test
  void aWorkerGetsNoMoreActionsAndNoCallFails() throws Exception {
    RawWorker revoked =
        RawWorker.connect(secure.toWorkerPort(SecureCoordinator.WORKER_TOKEN)).ackingAll();
    RawWorker.connect(secure.showing(secure.clients.client("pool"))).ackingAll();
    await().until(() -> secure.coordinator.dispatcher().stats().connected() == 2);
    Caller caller = new Caller(secure.toSyncPort(SecureCoordinator.SUBMITTER_TOKEN));
    secure.tokens("worker", ANOTHER);
    long id = 1;
    while (!revoked.hasEnded()) {
      assertEquals(
          "verdict_for_" + id,
          caller.call(Caller.request(id).build()).getVerdicts().getVerdicts(0));
      id++;
    }
    assertEquals(Status.Code.UNAUTHENTICATED, revoked.ended().getCode());
  }

  @Test
  void aWatcherIsSentAway() throws Exception {
    HttpRequest create =
        request("/streams", SecureCoordinator.OPERATOR_TOKEN)
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    """
                    {"stream_id": "show", "scenes": [{"name": "Long", "duration_ms": 600000}]}
                    """))
            .build();
    HttpResponse<String> created = http.send(create, BodyHandlers.ofString());
    assertEquals(201, created.statusCode(), created::body);
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    http.newWebSocketBuilder()
        .header("Authorization", "Bearer " + SecureCoordinator.VIEWER_TOKEN)
        .buildAsync(uri("wss", "/streams/show/ws"), new Closing(closed))
        .join();
    InputStream scenes = events("/streams/show/events");
    InputStream dashboard = events("/api/events");
    secure.tokens("viewer", ANOTHER);
    assertEquals(POLICY_VIOLATION, closed.join());
    assertTrue(scenes.readAllBytes().length > 0);
    assertTrue(dashboard.readAllBytes().length > 0);
  }

  /** Ends when the other side says so. */
  private InputStream events(String path) throws Exception {
    HttpRequest request =
        request(path, SecureCoordinator.VIEWER_TOKEN).header("Accept", "text/event-stream").build();
    HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
    assertEquals(200, answer.statusCode());
    return answer.body();
  }

  private HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(uri("https", path)).header("Authorization", "Bearer " + token);
  }

  private URI uri(String scheme, String path) {
    return URI.create("%s://127.0.0.1:%d%s".formatted(scheme, secure.coordinator.httpPort(), path));
  }

  /** Waits for the close. */
  private record Closing(CompletableFuture<Integer> closed) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
