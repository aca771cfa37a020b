package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;

/**
 * Row R25 of the fault table: coordinators are killed while they work on tasks. {@code
 * -Dfault.kills=20 -Dfault.tasks=5000} gives it its full length.
 */
@Timeout(1800)
class TaskFaultsTest {
  private static final int KILLS = Integer.getInteger("fault.kills", 2);
  private static final int TASKS = Integer.getInteger("fault.tasks", 200);
  private static final int SERVER_RESTARTS = 2;
  private static final int CALLERS = 8;
  private static final Duration LONGEST_TAKE_OVER = Duration.ofSeconds(17);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Long enough for kills to meet calls. */
  private static final SampleService.Behaviour SERVICE =
      new SampleService.Behaviour(Duration.ofMillis(50), 0, 0);

  @TempDir private Path folder;

  @Test
  void r25KillsLoseNothingOnTheEmbeddedDatabase() throws Exception {
    try (SampleServices services = new SampleServices(0, SERVICE)) {
      String config =
          TaskConfig.of("file: \"%s\"".formatted(folder.resolve("shared.db")), services);
      run("sqlite", config, services, List.of());
    }
  }

  @Test
  void r25KillsLoseNothingOnPostgresThatIsRestarted() throws Exception {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    try (PostgresServer server = PostgresServer.start();
        SampleServices services = new SampleServices(0, SERVICE)) {
      String config = TaskConfig.of("url: \"%s\"".formatted(server.newDatabase()), services);
      Runnable restart =
          () -> {
            server.stop();
            server.restart();
          };
      run("postgres", config, services, Collections.nCopies(SERVER_RESTARTS, restart));
    }
  }

  @Test
  void whatADeadCoordinatorWasCallingIsCalledByAnother() throws Exception {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    try (PostgresServer server = PostgresServer.start();
        HangingService service = new HangingService()) {
      String config =
          TaskConfig.of("url: \"%s\"".formatted(server.newDatabase()), service.thrice());
      AtomicReference<CoordinatorProcess> present = new AtomicReference<>(launch(config));
      CoordinatorProcess first = present.get();
      try (TaskClient client = new TaskClient(() -> present.get().httpPort())) {
        IntStream.range(0, 10).forEach(client::submit);
        await().atMost(PATIENCE).until(() -> service.keys.size() == 30);
        service.hanging = false;
        try (CoordinatorProcess second = launch(config)) {
          present.set(second);
          first.kill();
          long killed = System.nanoTime();
          assertAllCompleted(client);
          Duration takeOver = Duration.ofNanos(System.nanoTime() - killed);
          System.out.printf("tasks take_over_ms=%d%n", takeOver.toMillis());
          assertTrue(takeOver.compareTo(LONGEST_TAKE_OVER) <= 0, takeOver::toString);
          assertEquals(60, service.keys.size());
          assertEquals(30, service.keys.stream().distinct().count());
        }
      } finally {
        first.close();
      }
    }
  }

  @Test
  void coordinatorsShareTheWork() throws Exception {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    try (PostgresServer server = PostgresServer.start();
        SampleServices services = new SampleServices(0, SERVICE)) {
      String config = TaskConfig.of("url: \"%s\"".formatted(server.newDatabase()), services);
      try (CoordinatorProcess first = launch(config);
          CoordinatorProcess second = launch(config);
          TaskClient one = new TaskClient(first::httpPort);
          TaskClient other = new TaskClient(second::httpPort)) {
        for (int i = 0; i < TASKS; i++) {
          (i % 2 == 0 ? one : other).submit(i);
        }
        assertAllCompleted(one);
        assertAllCompleted(other);
        for (SampleService service : services.list()) {
          assertEquals(TASKS, service.calls());
          assertEquals(TASKS, service.effects());
        }
      }
    }
  }

  private static void assertAllCompleted(TaskClient client) {
    for (String task : client.accepted()) {
      String ended = client.ended(task);
      assertEquals(
          "COMPLETED",
          ended
              .replaceFirst("(?s)\"service_requests\".*", "")
              .replaceFirst("(?s).*\"status\":\"([A-Z_]+)\".*", "$1"),
          ended);
    }
  }

  private void run(String name, String config, SampleServices services, List<Runnable> outages)
      throws Exception {
    Random random = new Random(KILLS);
    Queue<Runnable> left = new ConcurrentLinkedQueue<>(outages);
    AtomicReference<CoordinatorProcess> process = new AtomicReference<>(launch(config));
    try (TaskClient client = new TaskClient(() -> process.get().httpPort());
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> submits = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        int number = i;
        submits.add(callers.submit(() -> client.submit(number)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        long enough = (long) ((kill + random.nextDouble()) * 3 * TASKS / KILLS);
        await().atMost(PATIENCE).until(() -> effects(services) >= enough);
        if (left.size() > outages.size() * (KILLS - 1 - kill) / KILLS) {
          left.remove().run();
        }
        process.get().kill();
        process.set(launch(config));
      }
      for (Future<?> submit : submits) {
        submit.get();
      }
      assertEquals(TASKS, client.accepted().size());
      await().atMost(PATIENCE).until(() -> effects(services) >= 3L * TASKS);
      assertAllCompleted(client);
      long calls = services.list().stream().mapToLong(SampleService::calls).sum();
      System.out.printf(
          "R25 fault=kill_9 database=%s seed=%d kills=%d server_restarts=%d accepted_tasks=%d"
              + " unknown=0 effects=%d calls=%d unanswered=%d%n",
          name, KILLS, KILLS, outages.size(), TASKS, effects(services), calls, client.unanswered());
      for (SampleService service : services.list()) {
        assertEquals(TASKS, service.effects());
      }
      assertTrue(left.isEmpty());
    } finally {
      process.get().close();
    }
  }

  private static long effects(SampleServices services) {
    return services.list().stream().mapToLong(SampleService::effects).sum();
  }

  private CoordinatorProcess launch(String config) {
    return new CoordinatorProcess.Setup(folder, config).start();
  }

  /** Never answers a call that came while it hangs. */
  private static final class HangingService implements AutoCloseable {
    final Queue<String> keys = new ConcurrentLinkedQueue<>();
    volatile boolean hanging = true;
    private final HttpServer server;

    HangingService() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            if (hanging) {
              return;
            }
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(UTF_8));
            exchange.close();
          });
      server.start();
    }

    /** As the three services that a task calls. */
    String thrice() {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/work";
      return "revenue: \"%1$s\", rebates: \"%1$s\", specialty: \"%1$s\"".formatted(url);
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
