package org.osprey.coordinator.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Json;

/** Watches a stream over a WebSocket, and comes back whenever that ends. */
final class StreamWatcher implements AutoCloseable {
  /** Before the next try with a coordinator that is gone. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final StreamDiary diary = new StreamDiary();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String streamId;
  private final IntSupplier port;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param port of a coordinator that is there now
   */
  StreamWatcher(String streamId, IntSupplier port) {
    this.streamId = streamId;
    this.port = port;
    thread = Thread.ofVirtual().start(this::run);
  }

  StreamDiary diary() {
    return diary;
  }

  private void run() {
    while (!closed) {
      Listener listener = new Listener();
      try {
        client
            .newWebSocketBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .buildAsync(uri(), listener)
            .thenCompose(socket -> listener.ended)
            .join();
      } catch (CompletionException e) {
        // The coordinator is gone, or is not there yet.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private URI uri() {
    return URI.create("ws://127.0.0.1:%d/streams/%s/ws".formatted(port.getAsInt(), streamId));
  }

  @Override
  public void close() {
    closed = true;
    client.shutdownNow();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        diary.add(SeenState.of(Json.read(part.toString())));
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      ended.complete(null);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      ended.completeExceptionally(error);
    }
  }
}
