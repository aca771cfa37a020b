package org.osprey.coordinator.tasks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.osprey.coordinator.core.Share;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.http.HttpSecurity;
import org.osprey.coordinator.http.HttpServer;
import org.osprey.coordinator.http.HttpSettings;
import org.osprey.coordinator.http.Json;
import tools.jackson.databind.JsonNode;

/** Tasks with their routes on a port of their own, upon a given database. */
final class TaskServer implements AutoCloseable {
  static final int MAX_BODY = 4 << 20;
  static final int MOST_WATCHERS = 2;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Database database;
  final Tasks tasks;
  private final HttpServer http;

  TaskServer(DatabaseSettings settings, List<ServiceSettings> services, Set<String> hidden) {
    this(settings, services, hidden, HttpSecurity.open());
  }

  TaskServer(
      DatabaseSettings settings,
      List<ServiceSettings> services,
      Set<String> hidden,
      HttpSecurity security) {
    database = new Database(settings, List.of(Tasks.FEATURE), Ticker.system(), new Random(1));
    TaskSettings taskSettings =
        new TaskSettings(
            services,
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofDays(30),
            hidden);
    tasks = new Tasks(taskSettings, database, Ticker.system(), new Random(1), Share.ALL, null);
    http =
        new HttpServer(
            new HttpSettings(
                0, "127.0.0.1", MAX_BODY, 100, Duration.ofMinutes(1), 10, Duration.ofSeconds(5)),
            List.of(new TaskRoutes(tasks, MOST_WATCHERS)),
            security);
    database.start();
    tasks.start();
    try {
      http.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A service that is tried again at once. */
  static ServiceSettings service(String name, URI url) {
    return new ServiceSettings(
        name,
        url,
        ServiceSettings.Batch.ALL,
        Duration.ofSeconds(20),
        3,
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMinutes(1),
        8);
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path));
  }

  static HttpResponse<String> send(HttpRequest.Builder request) {
    return send(request, BodyHandlers.ofString());
  }

  static <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      return CLIENT.send(request.build(), body);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    return Json.MAPPER.readTree(response.body());
  }

  @Override
  public void close() {
    http.close();
    tasks.close();
    database.close();
  }
}
