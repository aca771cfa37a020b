package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Share;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;

/**
 * Services that fail, stall and are gone for a while. {@code -Dfault.tasks=1000 -Dfault.seconds=60}
 * gives it its full length.
 */
@Timeout(600)
class ServiceFaultsTest {
  private static final int TASKS = Integer.getInteger("fault.tasks", 100);
  private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("fault.seconds", 3));
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int RETRIES = 3;

  @TempDir private Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database =
        new Database(
            DatabaseSettings.builder().file(folder.resolve("test.db")).build(),
            List.of(Tasks.FEATURE),
            Ticker.system(),
            new Random(1));
    database.start();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void onlyWhoseRetriesAreUsedUpFails() throws Exception {
    SampleService.Behaviour faulty = new SampleService.Behaviour(Duration.ZERO, 0.3, 0.05);
    try (SampleServices services = new SampleServices(0, faulty)) {
      List<ServiceSettings> settings =
          services.list().stream().map(service -> impatient(service.url())).toList();
      List<Task> ended = doAll(settings);
      int completed = 0;
      int attempts = 0;
      for (Task task : ended) {
        boolean allWell = true;
        for (Task.Request request : task.requests()) {
          attempts += request.attempts();
          boolean well = request.status() == Status.COMPLETED;
          completed += well ? 1 : 0;
          allWell &= well;
          assertEquals(well, request.response() != null);
          assertTrue(
              well ? request.attempts() <= RETRIES + 1 : request.attempts() == RETRIES + 1,
              request::toString);
        }
        assertEquals(3, task.requests().size());
        assertEquals(allWell ? Status.COMPLETED : Status.FAILED, task.status());
        assertEquals(allWell, task.error() == null);
      }
      long calls = services.list().stream().mapToLong(SampleService::calls).sum();
      long effects = services.list().stream().mapToLong(SampleService::effects).sum();
      System.out.printf(
          "faulty services tasks=%d calls=%d completed=%d failed=%d%n",
          TASKS, calls, completed, 3 * TASKS - completed);
      assertEquals(attempts, calls);
      assertEquals(completed, effects);
    }
  }

  /** One refuses to do anything, the other is not there at all. */
  @Test
  void anOutageFailsNoTask() throws Exception {
    try (FakeService ill = new FakeService();
        FakeService well = new FakeService();
        ExecutorService caller = Executors.newSingleThreadExecutor()) {
      ill.answers = call -> 503;
      URI address;
      try (FakeService gone = new FakeService()) {
        address = gone.url();
      }
      List<ServiceSettings> settings =
          List.of(
              ServiceSettings.of("revenue", ill.url()),
              ServiceSettings.of("rebates", address),
              ServiceSettings.of("specialty", well.url()));
      Future<List<Task>> all = caller.submit(() -> doAll(settings));
      await().atMost(PATIENCE).until(() -> well.calls.get() == TASKS);
      await().pollDelay(OUTAGE).atMost(PATIENCE).until(() -> true);
      ill.answers = call -> 200;
      try (FakeService back = new FakeService(address.getPort())) {
        for (Task task : all.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          assertEquals(Status.COMPLETED, task.status(), task::toString);
        }
        assertEquals(TASKS, back.effects.size());
        assertEquals(TASKS, ill.effects.size());
        assertEquals(TASKS, well.calls.get());
      }
    }
  }

  @Test
  void aCoordinatorThatEndsGivesBackWhatItCalls() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (FakeService service = new FakeService()) {
      service.answers = answerAfter(end);
      List<ServiceSettings> settings = allOf(service);
      Tasks tasks =
          new Tasks(settings(settings), database, Ticker.system(), new Random(1), Share.ALL, null);
      tasks.start();
      String id = tasks.submit(request(settings), Way.DATABASE).toCompletableFuture().get();
      await().until(() -> service.calls.get() == 3);
      tasks.close();
      await().until(() -> allPending(tasks.find(id)));
      end.countDown();
      assertEquals(3, service.calls.get());
    }
  }

  @Test
  void whatIsCancelledIsAborted() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (FakeService service = new FakeService()) {
      service.answers = answerAfter(end);
      List<ServiceSettings> settings = allOf(service);
      Tasks tasks =
          new Tasks(settings(settings), database, Ticker.system(), new Random(1), Share.ALL, null);
      tasks.start();
      String id = tasks.submit(request(settings), Way.DATABASE).toCompletableFuture().get();
      await().until(() -> tasks.check().detail().equals("calling 3") && service.calls.get() == 3);
      assertTrue(tasks.cancel(id).toCompletableFuture().get());
      await().until(() -> tasks.check().detail().equals("calling 0"));
      Task task = tasks.find(id);
      assertNotNull(task);
      assertEquals(Status.CANCELLED, task.requests().getFirst().status());
      assertTrue(tasks.retry(id).toCompletableFuture().get());
      end.countDown();
      Task again = tasks.await(id, PATIENCE);
      assertNotNull(again);
      assertEquals(Status.COMPLETED, again.status());
      tasks.close();
    }
  }

  private static List<ServiceSettings> allOf(FakeService service) {
    return Stream.of("revenue", "rebates", "specialty")
        .map(name -> ServiceSettings.of(name, service.url()))
        .toList();
  }

  private static boolean allPending(@Nullable Task task) {
    return task != null
        && task.requests().stream()
            .allMatch(
                request ->
                    request.status() == Status.PENDING
                        && "the coordinator ended".equals(request.error()));
  }

  private static FakeService.Answers answerAfter(CountDownLatch end) {
    return call -> {
      awaitQuietly(end);
      return 200;
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when all of them have ended. */
  private List<Task> doAll(List<ServiceSettings> services) {
    Tasks tasks =
        new Tasks(settings(services), database, Ticker.system(), new Random(1), Share.ALL, null);
    tasks.start();
    try {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        ids.add(tasks.submit(request(services), Way.DATABASE).toCompletableFuture().join());
      }
      List<Task> ended = new ArrayList<>();
      for (String id : ids) {
        Task task = tasks.await(id, PATIENCE);
        assertNotNull(task);
        assertTrue(task.status().ended(), task::toString);
        ended.add(task);
      }
      return ended;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      tasks.close();
    }
  }

  private static TaskSettings settings(List<ServiceSettings> services) {
    return new TaskSettings(
        services,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(15),
        Duration.ofDays(1));
  }

  private static TaskRequest request(List<ServiceSettings> services) {
    String body =
        """
        {"task_name": "n", "task_description": "d",
         "payload": [{"revenue": {}, "rebates": {}, "specialty": {}}]}
        """;
    try {
      return TaskRequest.read(body.getBytes(UTF_8), services);
    } catch (TaskRequest.MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static ServiceSettings impatient(URI url) {
    return new ServiceSettings(
        url.getPath().substring(1),
        url,
        ServiceSettings.Batch.ALL,
        Duration.ofSeconds(3),
        RETRIES,
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMinutes(5),
        64);
  }
}
