package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.StepKills;

/**
 * Row R25 of the fault table: kills between every two steps by which tasks are written. {@code
 * -Ddatabase.kills=200} gives it its full length.
 */
@Timeout(1200)
class TasksKilledBetweenStepsTest {
  @TempDir private Path folder;

  /** What runs in the child. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      StepKills.runChild(arguments, new Life());
    }
  }

  /** Tasks from the calls that bring them to their end, one way or the other. */
  private static final class Life implements StepKills.Script {
    private static final List<ServiceSettings> SERVICES =
        List.of(service("revenue"), service("rebates"));

    private final List<ClaimedRequest> claimed = new ArrayList<>();

    @Override
    public List<String> features() {
      return List.of(Tasks.FEATURE);
    }

    @Override
    public List<StepKills.Operation> operations(Database database) throws Exception {
      TaskTable tasks = new TaskTable(database);
      RequestTable mine = new RequestTable(database, "me");
      RequestTable dead = new RequestTable(database, "dead");
      IdempotencyKey key = IdempotencyKey.of("", "key", "orchestrate", new byte[1]);
      TaskRequest request = request();
      return List.of(
          () -> Database.join(tasks.insert("t1", request, Way.DATABASE)),
          () -> Database.join(tasks.insert("t2", request, Way.DATABASE, key)),
          () -> Database.join(tasks.insert("t3", request, Way.TOPIC)),
          () -> assertTrue(Database.join(mine.takeOver(Duration.ZERO)) == 0),
          () -> claim(mine, 4),
          () -> finish(mine, one -> Finish.completed(one, "{\"status\":\"success\"}"), 0),
          () -> finish(mine, one -> Finish.again(one, "busy", Duration.ZERO, true), 1),
          () -> finish(mine, one -> Finish.failed(one, "refused"), 2, 3),
          () -> Database.join(tasks.consume("t3", null)),
          () -> claim(dead, 3),
          () -> assertEquals(3, Database.join(mine.takeOver(Duration.ZERO))),
          () -> assertTrue(Database.join(tasks.retry("t2"))),
          () -> tasks.cancel("t3").toCompletableFuture().join(),
          () -> claim(mine, 3),
          () -> finish(mine, one -> Finish.completed(one, "{}"), 0, 1, 2),
          () -> assertEquals(3, Database.join(tasks.purge(Duration.ofMillis(-1), 10))),
          () -> Database.join(tasks.purgeKeys(Duration.ofMillis(-1))),
          () -> Database.join(mine.leave()));
    }

    private void claim(RequestTable requests, int wanted) {
      claimed.clear();
      claimed.addAll(Database.join(requests.claim(Map.of("revenue", 2, "rebates", 2))));
      claimed.sort((one, other) -> Long.compare(one.id(), other.id()));
      assertEquals(wanted, claimed.size());
    }

    private void finish(
        RequestTable requests, Function<ClaimedRequest, Finish> end, int... numbers) {
      List<Finish> ends = new ArrayList<>();
      for (int number : numbers) {
        ends.add(end.apply(claimed.get(number)));
      }
      Database.join(requests.finish(ends))
          .forEach(ending -> assertTrue(ending.counted(), "a late end"));
    }

    /** Of several pages. */
    private static TaskRequest request() throws Exception {
      String item = "{\"x\":\"%s\"}".formatted("x".repeat(5_000));
      String body =
          """
          {"task_name": "killed", "task_description": "", "payload": [{"revenue": %s, "rebates": {}}]}
          """
              .formatted(item);
      return TaskRequest.read(body.getBytes(UTF_8), SERVICES);
    }

    private static ServiceSettings service(String name) {
      return ServiceSettings.of(name, URI.create("http://localhost:1/" + name));
    }
  }

  @Test
  void r25TasksAreWhatWasToldOfThem() throws Exception {
    new StepKills(folder, new Life(), Child.class).cutAndKill("tasks");
  }
}
