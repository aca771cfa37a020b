package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a coordinator over HTTP, one thing at a time. */
final class HttpPort implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long READY_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long STEP_MILLIS = 50;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String address;

  /** Returns when all parts of the coordinator are ready. */
  HttpPort(CoordinatorChild coordinator) throws IOException, InterruptedException {
    address = "http://127.0.0.1:" + coordinator.httpPort();
    coordinator.awaitHttp();
    long began = System.nanoTime();
    while (get("/health/ready").statusCode() != 200) {
      if (System.nanoTime() - began > READY_NANOS) {
        throw new IOException("the coordinator is not ready: " + get("/health/ready").body());
      }
      Thread.sleep(STEP_MILLIS);
    }
  }

  Metrics metrics() throws IOException, InterruptedException {
    return new Metrics(get("/metrics").body());
  }

  /** Makes a stream that plays the show. */
  void createStream(String streamId) throws IOException, InterruptedException {
    HttpRequest request =
        request("/streams")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Show.json(streamId)))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IOException("POST /streams: " + response.body());
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
