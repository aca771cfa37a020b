package org.osprey.coordinator.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Routes on a free port, and a client for them. */
final class ServedRoutes implements AutoCloseable {
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  ServedRoutes(HttpRoutes... routes) throws IOException {
    Duration minute = Duration.ofMinutes(1);
    server =
        new HttpServer(
            new HttpSettings(0, "127.0.0.1", 1 << 20, 100, minute, 10, minute), List.of(routes));
    server.start();
  }

  HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
