package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;

/** Makes, steers and looks at streams over HTTP. */
final class StreamCaller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final IntSupplier port;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** An answer, and what it says. */
  record Reply(int status, JsonNode body) {
    boolean isGood() {
      return status == 200 || status == 201;
    }

    SeenState state() {
      return SeenState.of(body.path("state"));
    }
  }

  /**
   * @param port of a coordinator that is there now
   */
  StreamCaller(IntSupplier port) {
    this.port = port;
  }

  /**
   * @param json null for none
   * @throws IOException when no answer came
   */
  Reply call(String method, String path, @Nullable String json) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.getAsInt() + path))
            .timeout(Duration.ofSeconds(40))
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    if (json != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      return new Reply(answer.statusCode(), Json.read(answer.body()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Reply post(String path) throws IOException {
    return call("POST", path, null);
  }

  /**
   * Makes a stream, trying until it is there.
   *
   * @param config fields of its JSON
   */
  void create(String id, String config) {
    String body = "{\"stream_id\":\"%s\",%s}".formatted(id, config);
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              Reply reply = call("POST", "/streams", body);
              if (!reply.isGood() && reply.status() < 500) {
                throw new AssertionError(reply.toString());
              }
              return reply.isGood();
            });
  }

  /** How a stream stands, once somebody watches it. */
  JsonNode watched(String id) {
    AtomicReference<JsonNode> view = new AtomicReference<>();
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              Reply reply = call("GET", "/streams/" + id, null);
              view.set(reply.body());
              return reply.isGood() && reply.body().path("subscribers").path("total").asLong() > 0;
            });
    return view.get();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
