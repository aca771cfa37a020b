package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.PostgresServer;

/**
 * Not a test: how many requests a second are claimed and finished when nothing is called in
 * between, on both databases. System properties: {@code state.tasks} (20000).
 */
final class StateThroughput {
  private static final int TASKS = Integer.getInteger("state.tasks", 20_000);
  private static final int AT_A_TIME = 64;
  private static final int CLAIMERS = 2;
  private static final int INSERTS_AT_A_TIME = 1_000;
  private static final List<ServiceSettings> SERVICES =
      Stream.of("revenue", "rebates", "specialty")
          .map(name -> ServiceSettings.of(name, URI.create("http://localhost:1/" + name)))
          .toList();

  private StateThroughput() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Files.createTempDirectory("state-throughput").resolve("state.db");
    run("sqlite", DatabaseSettings.builder().file(file).build());
    try (PostgresServer server = PostgresServer.start()) {
      run("postgres", DatabaseSettings.builder().url(server.newDatabase()).build());
    }
  }

  private static void run(String name, DatabaseSettings settings) throws Exception {
    Database database =
        new Database(settings, List.of(Tasks.FEATURE), Ticker.system(), new Random(1));
    database.start();
    try (ExecutorService claimers = Executors.newFixedThreadPool(CLAIMERS)) {
      long began = System.nanoTime();
      insert(new TaskTable(database));
      System.out.printf("%s: %.0f tasks/s stored%n", name, TASKS / seconds(began));
      AtomicLong finished = new AtomicLong();
      began = System.nanoTime();
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < CLAIMERS; i++) {
        RequestTable requests = new RequestTable(database, "claimer " + i);
        ends.add(claimers.submit(() -> finishAll(requests, finished)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
      System.out.printf(
          "%s: %.0f requests/s claimed and finished, of %d%n",
          name, finished.get() / seconds(began), finished.get());
    } finally {
      database.close();
    }
  }

  private static void insert(TaskTable tasks) throws Exception {
    byte[] body =
        """
        {"task_name": "n", "task_description": "d",
         "payload": [{"revenue": {"scenario_id": "s"}, "rebates": {}, "specialty": {}}]}
        """
            .getBytes(UTF_8);
    TaskRequest request = TaskRequest.read(body, SERVICES);
    for (int i = 0; i < TASKS; i += INSERTS_AT_A_TIME) {
      List<CompletableFuture<Void>> inserts = new ArrayList<>();
      for (int j = i; j < i + INSERTS_AT_A_TIME; j++) {
        inserts.add(tasks.insert("task " + j, request, Way.DATABASE).toCompletableFuture());
      }
      CompletableFuture.allOf(inserts.toArray(CompletableFuture[]::new)).join();
    }
  }

  private static void finishAll(RequestTable requests, AtomicLong finished) {
    Map<String, Integer> limits = new LinkedHashMap<>();
    SERVICES.forEach(service -> limits.put(service.name(), AT_A_TIME));
    while (true) {
      List<ClaimedRequest> claimed = requests.claim(limits).toCompletableFuture().join();
      if (claimed.isEmpty()) {
        return;
      }
      List<Finish> finishes =
          claimed.stream()
              .map(request -> Finish.completed(request, "{\"status\":\"success\",\"data\":[{}]}"))
              .toList();
      requests.finish(finishes).toCompletableFuture().join();
      finished.addAndGet(finishes.size());
    }
  }

  private static double seconds(long began) {
    return Duration.ofNanos(System.nanoTime() - began).toMillis() / 1e3;
  }
}
