package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;

/** Tasks of three calls each, submitted over HTTP; a few hundred are under way at most. */
final class TaskLoad implements AutoCloseable {
  private static final int CALLERS = 16;
  private static final long MOST_UNDER_WAY = 500;
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final String BODY =
      """
      {"task_name": "numbers", "task_description": "of a benchmark", "payload": [
        {"revenue": {"scenario_id": "123e4567-e89b-12d3-a456-426614174000"},
         "rebates": {"scenario_id": "123e4567-e89b-12d3-a456-426614174000"},
         "specialty": {"scenario_id": "123e4567-e89b-12d3-a456-426614174000"}}]}
      """;

  private final SampleServices services;
  private final HttpRequest request;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong slots = new AtomicLong();
  private final long began = System.nanoTime();
  private final long intervalNanos;
  private volatile boolean closed;

  /**
   * Begins when the coordinator accepts HTTP.
   *
   * @param services of the coordinator
   * @param perSecond tasks at most
   */
  TaskLoad(CoordinatorChild coordinator, SampleServices services, double perSecond)
      throws IOException, InterruptedException {
    coordinator.awaitHttp();
    this.services = services;
    intervalNanos = (long) (1e9 / perSecond);
    URI address =
        URI.create("http://127.0.0.1:%d/api/orchestrate".formatted(coordinator.httpPort()));
    request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(BODY))
            .build();
    for (int i = 0; i < CALLERS; i++) {
      Thread.ofVirtual().start(this::submit);
    }
  }

  /** The settings of a coordinator that calls these services. */
  static String settings(SampleServices services, String database) {
    StringBuilder settings = new StringBuilder("database: {" + database + "}\n");
    settings.append("tasks:\n  enabled: true\n  services:\n");
    for (SampleService service : services.list()) {
      String name = service.url().getPath().substring(1);
      settings.append("    %s: %s%n".formatted(name, service.url()));
    }
    return settings.toString();
  }

  /** Calls that were carried out. */
  long called() {
    return services.list().stream().mapToLong(SampleService::effects).sum();
  }

  /** Tasks that were not accepted. */
  double refused() {
    return refused.doubleValue();
  }

  @Override
  public void close() {
    closed = true;
    client.shutdownNow();
  }

  private void submit() {
    while (!closed) {
      long due = began + slots.getAndIncrement() * intervalNanos;
      LockSupport.parkNanos(due - System.nanoTime());
      if (accepted.get() - called() / 3 > MOST_UNDER_WAY) {
        LockSupport.parkNanos(PAUSE.toNanos());
        continue;
      }
      try {
        boolean taken = client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        (taken ? accepted : refused).incrementAndGet();
      } catch (IOException e) {
        // Closing ends what is under way.
        refused.addAndGet(closed ? 0 : 1);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
