package org.osprey.coordinator.replica.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How long the work rests when workers come and go, by the database's clock: each handler writes
 * when it ran. There is always more to do than is done. {@code -Dfault.slack=0} holds the times to
 * what is promised, which takes a machine with nothing else to do.
 */
class TakeOverTest {
  private static final Duration STALE = Duration.ofSeconds(3);

  /** Where nobody dies, and a busy machine must not make it look so. */
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private static final Duration SLACK = Duration.ofSeconds(Long.getLong("fault.slack", 30));
  private static final int STREAMS = 500;
  private static final int BATCH = 20;
  private static final Duration HANDLING = Duration.ofMillis(2);

  private static final String MILLIS =
      "select coalesce((extract(epoch from %s - timestamptz 'epoch') * 1000)::bigint, 0) ";

  /** When what belonged to a partition was first handled anew. */
  private static final String RESUMED =
      MILLIS.formatted("min(at)") + "from effects where generation > ? and slot % ? = ?";

  /** When the last of the partitions of a generation had its first effect. */
  private static final String ALL_STARTED =
      MILLIS.formatted("case when count(*) = ? then max(first) end")
          + "from (select min(at) as first from effects where generation = ? group by slot % ?) e";

  /** How long nobody handled anything, but for moments. */
  private static final String RESTED =
      "select coalesce(sum(extract(epoch from pause) * 1000), 0)::bigint from"
          + " (select at - lag(at) over (order by at) as pause from effects"
          + " where at between to_timestamp(? / 1000.0) and to_timestamp(? / 1000.0)) e"
          + " where pause > interval '100 milliseconds'";

  private final PGSimpleDataSource database = TestDatabase.create();
  private final List<WorkerProcess> workers = new ArrayList<>();
  private WorkerGroup group;

  @BeforeEach
  void open() throws SQLException {
    group = new WorkerGroup(database, settings(PATIENT));
  }

  private static WorkerProcess.Settings settings(Duration stale) {
    return new WorkerProcess.Settings(
        Duration.ofMillis(500), stale, Duration.ofMinutes(1), BATCH, HANDLING);
  }

  @AfterEach
  void close() {
    group.close();
  }

  private void begin(int count, int eventsPerStream, Duration stale) {
    EventStore store = new PostgresEventStore(database);
    for (int stream = 0; stream < STREAMS; stream++) {
      store.append(
          "stream-" + stream,
          EventStore.ANY_VERSION,
          Collections.nCopies(eventsPerStream, NewEvent.of("counted", new byte[16])));
    }
    for (int i = 0; i < count; i++) {
      workers.add(group.start("worker-" + i, settings(stale)));
    }
    group.awaitRunning(count);
    WorkerGroup.timed(() -> allStarted(group.generation(), count) > 0);
  }

  private long allStarted(long generation, int partitions) {
    return group.number(ALL_STARTED, partitions, generation, partitions);
  }

  private long now() {
    return group.number(MILLIS.formatted("clock_timestamp()"));
  }

  private int partition(WorkerProcess worker) {
    return (int) group.number("select partition from rs_workers where worker = ?", worker.name());
  }

  /** When work goes on that belonged to one of several workers. */
  private long resumed(long generation, int partitions, int partition) {
    WorkerGroup.timed(() -> group.number(RESUMED, generation, partitions, partition) > 0);
    return group.number(RESUMED, generation, partitions, partition);
  }

  @Test
  void theWorkOfAKilledWorkerIsResumed() {
    begin(3, 40, STALE);
    int partition = partition(workers.getFirst());
    long generation = group.generation();
    long killed = now();
    workers.getFirst().kill();
    check("kill -9", resumed(generation, 3, partition) - killed, STALE.plusSeconds(2));
  }

  @Test
  void theWorkOfAWorkerThatLeavesIsResumedAtOnce() {
    begin(3, 40, PATIENT);
    int partition = partition(workers.getFirst());
    long generation = group.generation();
    long asked = now();
    workers.getFirst().terminate();
    check(
        "SIGTERM",
        resumed(generation, 3, partition) - asked,
        Duration.ofSeconds(1).plus(HANDLING.multipliedBy(2 * BATCH)));
    workers.getFirst().awaitEnd();
  }

  @Test
  void whoJoinsHasItsPartAtOnce() {
    begin(3, 40, PATIENT);
    long generation = group.generation();
    group.start("joining");
    WorkerGroup.timed(() -> group.number("select count(*) from rs_workers") == 4);
    long joined = now();
    WorkerGroup.timed(() -> allStarted(generation + 1, 4) > 0);
    check("join", allStarted(generation + 1, 4) - joined, Duration.ofSeconds(2));
  }

  @Test
  void aRollingRestartHardlyInterruptsTheWork() {
    begin(5, 200, PATIENT);
    long generation = group.generation();
    long began = now();
    for (WorkerProcess worker : workers) {
      worker.terminate();
      worker.awaitEnd();
      group.awaitRunning(4);
      group.start("new-" + worker.name());
      group.awaitRunning(5);
    }
    long last = group.generation();
    WorkerGroup.timed(() -> allStarted(last, 5) > 0);
    long ended = allStarted(last, 5);
    long rested = group.number(RESTED, began, ended);
    System.out.printf(
        "rolling restart of 5: %d ms, rested %d ms (%d %%), %d generations%n",
        ended - began, rested, 100 * rested / (ended - began), last - generation);
    assertEquals(last, group.generation());
    assertTrue(last - generation <= 11, (last - generation) + " generations");
    assertTrue(
        rested <= (ended - began) / 5 + SLACK.toMillis(),
        "rested %d of %d ms".formatted(rested, ended - began));
  }

  private static void check(String what, long millis, Duration most) {
    System.out.printf("%s: work resumed after %d ms%n", what, millis);
    assertTrue(millis <= most.plus(SLACK).toMillis(), "%s: %d ms".formatted(what, millis));
  }
}
