package org.osprey.coordinator.tasks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.tasks.TaskTable.Filter;

/**
 * Not a test: how long lists, pages and details take with many tasks stored, before and while half
 * of them are forgotten, on both databases. A third of the tasks has each of three names, one in a
 * thousand has failed, and none of the name {@code third} has. System properties: {@code big.tasks}
 * (1000000), {@code big.rounds} (300).
 */
final class BigTables {
  private static final int TASKS = Integer.getInteger("big.tasks", 1_000_000);
  private static final int ROUNDS = Integer.getInteger("big.rounds", 300);
  private static final int PURGED_AT_A_TIME = 500;
  private static final int PAGE = 101;

  /** Milliseconds between tasks. */
  private static final int STEP = 1_000;

  private final String name;
  private final Database database;
  private final TaskTable tasks;
  private final long newest = System.currentTimeMillis() - Duration.ofHours(1).toMillis();

  private BigTables(String name, Database database) {
    this.name = name;
    this.database = database;
    tasks = new TaskTable(database);
  }

  public static void main(String[] arguments) throws Exception {
    Path file = Files.createTempDirectory("big-tables").resolve("big.db");
    run("sqlite", DatabaseSettings.builder().file(file));
    try (PostgresServer server = PostgresServer.start()) {
      run("postgres", DatabaseSettings.builder().url(server.newDatabase()));
    }
  }

  private static void run(String name, DatabaseSettings.Builder settings) throws Exception {
    Database database =
        new Database(
            settings.writeTimeout(Duration.ofMinutes(10)).build(),
            List.of(Tasks.FEATURE),
            Ticker.system(),
            new Random(1));
    database.start();
    try {
      BigTables tables = new BigTables(name, database);
      tables.fill();
      tables.measure();
      tables.forgetHalf();
    } finally {
      database.close();
    }
  }

  /** Straight into the tables: the way of a million requests would take an hour. */
  private void fill() {
    long began = System.nanoTime();
    for (int first = 0; first < TASKS; first += 50_000) {
      int start = first;
      int end = Math.min(TASKS, first + 50_000);
      database
          .write(
              handle -> {
                handle
                    .createUpdate(
                        """
                        insert into tasks (task_id, task_name, task_description, status, created_at,
                          updated_at, finished_at, requests, open_requests, failed_requests, payload_bytes,
                          payload)
                        with recursive n(i) as (
                          select :start union all select i + 1 from n where i + 1 < :end)
                        select 'task ' || i,
                          case when i % 3 = 0 then 'first' when i % 3 = 1 then 'second'
                            else 'third' end,
                          'a description of usual length',
                          case when i % 999 = 0 then 'FAILED' else 'COMPLETED' end,
                          :oldest + i * :step, :oldest + i * :step, :oldest + i * :step,
                          3, 0, 0, 60, '[{"revenue":{"scenario_id":"s"},"rebates":{},"specialty":{}}]'
                        from n
                        """)
                    .bind("start", (long) start)
                    .bind("end", (long) end)
                    .bind("oldest", newest - (long) TASKS * STEP)
                    .bind("step", (long) STEP)
                    .execute();
                for (String service : List.of("revenue", "rebates", "specialty")) {
                  handle
                      .createUpdate(
                          """
                          insert into service_requests (task_id, service_name, status, created_at,
                            updated_at, next_attempt_at, attempt, request_payload, response_payload)
                          with recursive n(i) as (
                            select :start union all select i + 1 from n where i + 1 < :end)
                          select 'task ' || i, :service, 'COMPLETED', :oldest + i * :step,
                            :oldest + i * :step, 0, 1, '{"items":[{"scenario_id":"s"}]}',
                            '{"status":"success","data":[{"scenario_id":"s"}]}'
                          from n
                          """)
                      .bind("start", (long) start)
                      .bind("end", (long) end)
                      .bind("service", service)
                      .bind("oldest", newest - (long) TASKS * STEP)
                      .bind("step", (long) STEP)
                      .execute();
                }
                return end;
              })
          .toCompletableFuture()
          .join();
    }
    System.out.printf("%s: %d tasks in %.0f s%n", name, TASKS, (System.nanoTime() - began) / 1e9);
  }

  private void measure() {
    Random random = new Random(1);
    show("first page", () -> list(null, null, null));
    show("deep page", () -> list(null, null, anyPlace(random)));
    show("rare status", () -> list(Status.FAILED, null, null));
    show("rare status, deep page", () -> list(Status.FAILED, null, anyPlace(random)));
    show("status that nothing has", () -> list(Status.PENDING, null, null));
    show("usual status, deep page", () -> list(Status.COMPLETED, null, anyPlace(random)));
    show("name", () -> list(null, "second", null));
    show("name, deep page", () -> list(null, "second", anyPlace(random)));
    show("name that nothing has", () -> list(null, "none", null));
    show("name and rare status", () -> list(Status.FAILED, "first", null));
    show("name without that status", () -> list(Status.FAILED, "third", null));
    show(
        "name and usual status, deep page",
        () -> list(Status.COMPLETED, "third", anyPlace(random)));
    show("detail", () -> tasks.find("task " + random.nextInt(TASKS)));
  }

  private void forgetHalf() throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    long middle = newest - (long) TASKS / 2 * STEP;
    Duration age = Duration.ofMillis(System.currentTimeMillis() - middle);
    long began = System.nanoTime();
    Thread purge =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (tasks.purge(age, PURGED_AT_A_TIME).toCompletableFuture().join() > 0) {
                    // There is more.
                  }
                  done.set(true);
                });
    Random random = new Random(1);
    long[] nanos = new long[1 << 20];
    int count = 0;
    while (!done.get() && count < nanos.length) {
      long start = System.nanoTime();
      list(null, null, count % 2 == 0 ? null : newest - random.nextInt(TASKS / 2) * (long) STEP);
      nanos[count++] = System.nanoTime() - start;
    }
    purge.join();
    print("lists while half is forgotten", nanos, count);
    System.out.printf("%s: half forgotten in %.0f s%n", name, (System.nanoTime() - began) / 1e9);
  }

  private long anyPlace(Random random) {
    return newest - random.nextInt(TASKS) * (long) STEP;
  }

  private List<Task> list(
      @Nullable Status status, @Nullable String taskName, @Nullable Long before) {
    Instant place = before == null ? null : Instant.ofEpochMilli(before);
    return tasks.list(new Filter(status, taskName, place, Long.MAX_VALUE, PAGE));
  }

  private void show(String what, Runnable read) {
    long[] nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      read.run();
      nanos[i] = System.nanoTime() - start;
    }
    print(what, nanos, ROUNDS);
  }

  private void print(String what, long[] nanos, int count) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%s: %-34s p50 %6.2f ms  p99 %6.2f ms%n",
        name,
        what,
        sorted[count / 2] / 1e6,
        sorted[(int) ((count - 1) * 0.99)] / 1e6);
  }
}
