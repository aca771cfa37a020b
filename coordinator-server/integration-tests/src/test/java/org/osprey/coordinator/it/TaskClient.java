package org.osprey.coordinator.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** Submits tasks over HTTP, each until it is accepted, and looks at them. */
final class TaskClient implements AutoCloseable {
  /** Before the next try with a coordinator that is gone. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final IntSupplier port;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final AtomicLong unanswered = new AtomicLong();

  /**
   * @param port of a coordinator that is there now
   */
  TaskClient(IntSupplier port) {
    this.port = port;
  }

  /** Ids of the tasks. */
  Set<String> accepted() {
    return accepted;
  }

  /** Requests that were made again. */
  long unanswered() {
    return unanswered.get();
  }

  /** Returns when it is accepted. */
  void submit(int number) {
    while (!accepts(number)) {
      unanswered.incrementAndGet();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private boolean accepts(int number) {
    HttpRequest.Builder request =
        request("/api/orchestrate")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "number " + number)
            .POST(BodyPublishers.ofString(body(number)));
    try {
      HttpResponse<String> answer = send(request);
      if (answer.statusCode() == 200) {
        accepted.add(answer.body().replaceFirst("(?s).*\"task_id\":\"([^\"]+)\".*", "$1"));
        return true;
      }
      if (answer.statusCode() == 503) {
        return false;
      }
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    } catch (IOException e) {
      return false;
    }
  }

  private static String body(int number) {
    return """
    {"task_name": "numbers", "task_description": "of number %d",
     "payload": [{"revenue": {"scenario_id": "s"}, "rebates": {}, "specialty": {}}]}
    """
        .formatted(number);
  }

  /** The task as JSON, once it has ended. */
  String ended(String taskId) {
    try {
      return send(request("/api/tasks/" + taskId + "?wait=30s").GET()).body();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.getAsInt() + path))
        .timeout(Duration.ofSeconds(40));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
