package org.osprey.coordinator.streams.gateway;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Watches a stream over a WebSocket, as a client of the platform does. */
final class WatchingClient implements WebSocket.Listener {
  final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  final AtomicInteger pings = new AtomicInteger();
  private final StringBuilder part = new StringBuilder();
  private @Nullable WebSocket socket;

  private WatchingClient() {}

  static WatchingClient open(HttpClient client, URI uri) {
    WatchingClient watching = new WatchingClient();
    watching.socket = client.newWebSocketBuilder().buildAsync(uri, watching).join();
    return watching;
  }

  /** The next state. */
  JsonNode next() {
    try {
      String message = messages.poll(GatewayServer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      assertNotNull(message, "no message came");
      return Fields.MAPPER.readTree(message);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  WebSocket socket() {
    return Objects.requireNonNull(socket);
  }

  /** Its code. */
  int awaitClose() {
    return closed.orTimeout(GatewayServer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      messages.add(part.toString());
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  /** The platform answers it. */
  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    pings.incrementAndGet();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }
}
