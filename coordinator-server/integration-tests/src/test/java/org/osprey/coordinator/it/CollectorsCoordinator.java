package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A coordinator with collectors in a process of its own, restarted on the same database. */
final class CollectorsCoordinator implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path folder;
  private final String orchestrator;
  private final HttpClient client = HttpClient.newHttpClient();
  private CoordinatorProcess process;

  /**
   * @param orchestrator lines of that section, each with two spaces before it
   * @param collectors likewise
   */
  CollectorsCoordinator(Path folder, String orchestrator, String collectors) {
    this.folder = folder;
    this.orchestrator = orchestrator;
    process = setup(collectors).start();
  }

  /** A new process in place of one that has ended. */
  void start(String collectors) {
    process.close();
    process = setup(collectors).start();
  }

  /** For the next reload. */
  void write(String collectors) {
    try {
      Files.writeString(process.config(), settings(collectors));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  CoordinatorProcess process() {
    return process;
  }

  /**
   * @return the status
   */
  int post(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url() + path))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.noBody())
              .build();
      return client.send(request, BodyHandlers.ofString()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void disable(String collector) {
    assertEquals(200, post("/api/collectors/" + collector + "/disable"));
  }

  Scrape scrape() {
    return Scrape.of(url());
  }

  /** A figure of a collector, from the metrics. */
  long figure(String name, String collector) {
    return (long) scrape().plain("orchestrator_" + name, "collector", collector);
  }

  /** All that have the name and the collector, whatever their other labels are. */
  long sum(String name, String collector) {
    return (long) scrape().sum("orchestrator_" + name, "collector", collector);
  }

  /** Returns when nothing of the collector is on its way. */
  void awaitSettled(String collector) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                figure("events_queued", collector) == 0
                    && figure("events_spilled", collector) == 0);
  }

  /** What is missing in the ledger of a collector that has settled. */
  long imbalance(String collector) {
    Scrape scrape = scrape();
    return (long)
        (of(scrape, "events_received_total", collector)
            + of(scrape, "events_recovered_total", collector)
            - of(scrape, "events_published_total", collector)
            - of(scrape, "events_dropped_total", collector)
            - of(scrape, "events_sampled_out_total", collector)
            - of(scrape, "events_queued", collector)
            - of(scrape, "events_spilled", collector));
  }

  private static double of(Scrape scrape, String name, String collector) {
    return scrape.sum("orchestrator_" + name, "collector", collector);
  }

  private String url() {
    return "http://127.0.0.1:" + process.httpPort();
  }

  private CoordinatorProcess.Setup setup(String collectors) {
    return new CoordinatorProcess.Setup(folder, settings(collectors))
        .flags(List.of("-XX:TieredStopAtLevel=4", "-Xmx384m"));
  }

  private String settings(String collectors) {
    return """
    http: {bindAddress: 127.0.0.1}
    startup: {warmUp: 0s}
    database: {file: "%s"}
    orchestrator:
      database: "%s"
    %scollectors:
    %s"""
        .formatted(
            folder.resolve("coordinator.db"),
            folder.resolve("collectors.db"),
            orchestrator.indent(2),
            collectors.indent(2));
  }

  @Override
  public void close() {
    process.close();
    client.close();
  }
}
