package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;

@Timeout(120)
class TaskSweeperTest {
  /** More than two of what one statement forgets. */
  private static final int MANY = 1_100;

  private static final TaskSettings SETTINGS =
      new TaskSettings(
          List.of(ServiceSettings.of("revenue", URI.create("http://localhost:1/revenue"))),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMillis(1));

  @TempDir private Path folder;
  private Database database;
  private TaskTable tasks;
  private TaskSweeper sweeper;

  /** Sweeps that are ours. */
  private final Set<String> share = ConcurrentHashMap.newKeySet();

  private final AtomicInteger asked = new AtomicInteger();

  @BeforeEach
  void open() {
    database =
        new Database(
            DatabaseSettings.builder().file(folder.resolve("test.db")).build(),
            List.of(Tasks.FEATURE),
            Ticker.system(),
            new Random(1));
    database.start();
    tasks = new TaskTable(database);
    sweeper =
        new TaskSweeper(
            SETTINGS, tasks, new RequestTable(database, "me"), this::has, Ticker.system());
  }

  @AfterEach
  void close() {
    sweeper.close();
    database.close();
  }

  private boolean has(String sweep) {
    if (sweep.equals(TaskSweeper.OLD_TASKS)) {
      asked.incrementAndGet();
    }
    return share.contains(sweep);
  }

  @Test
  void whatIsOthersToSweepIsLeftToThem() throws Exception {
    insert("pending");
    insert("ended");
    tasks.cancel("ended").toCompletableFuture().get();
    addCoordinator("dead");
    sweeper.start();
    await().until(() -> asked.get() == 2);
    assertNotNull(tasks.find("ended"));
    assertEquals(1, coordinators());
    assertEquals(Map.of(), pending());
    share.addAll(
        Set.of(TaskSweeper.OLD_TASKS, TaskSweeper.PENDING_REQUESTS, TaskSweeper.DEAD_COORDINATORS));
    await().until(() -> tasks.find("ended") == null);
    await().until(() -> coordinators() == 0);
    await().until(() -> pending().equals(Map.of("task_requests_pending revenue", 1.0)));
    assertNotNull(tasks.find("pending"));
    share.clear();
    await().until(() -> pending().isEmpty());
  }

  @Test
  void muchThatIsOldIsForgottenWithoutARest() throws Exception {
    database
        .write(
            handle ->
                handle.execute(
                    """
                    insert into tasks (task_id, task_name, task_description, status, created_at,
                      updated_at, finished_at, requests, open_requests, payload_bytes, payload)
                    with recursive numbers (number) as (
                      select 1 union all select number + 1 from numbers where number < ?)
                    select 'task ' || number, '', '', 'COMPLETED', 0, 0, 0, 0, 0, 2, '[]' from numbers
                    """,
                    MANY))
        .toCompletableFuture()
        .get();
    share.add(TaskSweeper.OLD_TASKS);
    sweeper.start();
    await().until(() -> count("tasks") == 0);
    assertEquals(3, asked.get());
  }

  private void insert(String id) throws Exception {
    String body =
        """
        {"task_name": "n", "task_description": "d", "payload": [{"revenue": {}}]}
        """;
    TaskRequest request = TaskRequest.read(body.getBytes(UTF_8), SETTINGS.services());
    tasks.insert(id, request, Way.DATABASE).toCompletableFuture().get();
  }

  private void addCoordinator(String owner) throws Exception {
    database
        .write(
            handle ->
                handle.execute(
                    "insert into task_coordinators (owner, seen_at) values (?, 0)", owner))
        .toCompletableFuture()
        .get();
  }

  private int coordinators() {
    return count("task_coordinators");
  }

  private int count(String table) {
    return database.read(
        handle -> handle.createQuery("select count(*) from " + table).mapTo(Integer.class).one());
  }

  private Map<String, Double> pending() {
    return RecordedFigures.of(sweeper);
  }
}
