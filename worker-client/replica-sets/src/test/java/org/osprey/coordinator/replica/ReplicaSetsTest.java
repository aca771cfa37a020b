package org.osprey.coordinator.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.ReplicaSets.ProjectionState;
import org.osprey.coordinator.replica.ReplicaSets.ReplicaSet;
import org.osprey.coordinator.replica.ReplicaSets.Worker;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.event.Slots;
import org.osprey.coordinator.replica.event.StoreException;
import org.postgresql.ds.PGSimpleDataSource;

/** What operators see, of rows as workers leave them. */
class ReplicaSetsTest {
  private final PGSimpleDataSource database = TestDatabase.create();
  private final ReplicaSets sets = new ReplicaSets(database);

  private void set(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<WorkerState> states() {
    return sets.find("main").orElseThrow().workers().stream().map(Worker::state).toList();
  }

  @Test
  void aWorkerIsWhatItsRowSays() throws SQLException {
    set(
        "insert into rs_sets (replica_set, generation, partitions, slots) values ('main', 7, 3, 64)");
    set("insert into rs_sets (replica_set, slots) values ('empty', 64)");
    set(
        "insert into rs_workers (replica_set, worker, partition, ready) values"
            + " ('main', 'a', 0, 7), ('main', 'b', 1, 6), ('main', 'c', 2, 7), ('main', 'd', -1, 0)");
    assertEquals(
        List.of(WorkerState.READY, WorkerState.STOPPING, WorkerState.READY, WorkerState.WAITING),
        states());
    assertFalse(sets.find("main").orElseThrow().isComplete());
    set("update rs_workers set ready = 7 where worker = 'b'");
    assertEquals(
        List.of(WorkerState.RUNNING, WorkerState.RUNNING, WorkerState.RUNNING, WorkerState.WAITING),
        states());
    ReplicaSet main = sets.find("main").orElseThrow();
    assertTrue(main.isComplete());
    assertEquals(List.of(0, 1, 2, -1), main.workers().stream().map(Worker::partition).toList());
    assertEquals(Slots.of(1, 3), main.workers().get(1).slots());
    assertEquals(Slots.none(), main.workers().get(3).slots());
    assertEquals(List.of("empty", "main"), sets.list().stream().map(ReplicaSet::name).toList());
    assertEquals(List.of(), sets.list().getFirst().workers());
    assertFalse(sets.list().getFirst().isComplete());
  }

  @Test
  void aWorkerIsSilentAfterTheTimeItWasToldItself() throws SQLException {
    set(
        "insert into rs_sets (replica_set, generation, partitions, slots) values ('main', 1, 2, 64)");
    set(
        "insert into rs_workers (replica_set, worker, partition, ready, heartbeat, stale) values"
            + " ('main', 'a', 0, 1, clock_timestamp() - interval '40 seconds', '1 minute'),"
            + " ('main', 'b', 1, 1, clock_timestamp() - interval '40 seconds', '20 seconds')");
    assertEquals(List.of(WorkerState.RUNNING, WorkerState.SILENT), states());
    long silent = sets.find("main").orElseThrow().workers().getFirst().silent().toSeconds();
    assertTrue(silent >= 40 && silent < 100, () -> "silent for " + silent);
  }

  @Test
  void lagIsCountedFromTheSlowestSlot() throws SQLException {
    EventStore store = new PostgresEventStore(database);
    NewEvent event = NewEvent.of("counted", "1".getBytes(UTF_8));
    store.append("a", 0, List.of(event, event, event, event, event));
    set(
        "insert into rs_sets (replica_set, generation, partitions, slots) values ('main', 1, 1, 64)");
    set(
        "insert into rs_checkpoints (replica_set, projection, slot, position, generation) values"
            + " ('main', 'slow', 0, 2, 1), ('main', 'slow', 1, 4, 1), ('main', 'done', 0, 9, 1)");
    assertEquals(5, sets.lastPosition());
    assertEquals(
        List.of(new ProjectionState("done", 9, 9, 0, 0), new ProjectionState("slow", 2, 4, 3, 0)),
        sets.projections("main"));
  }

  @Test
  void whereNobodyMadeTheTablesThereAreNoReplicaSets() {
    ReplicaSets none = new ReplicaSets(TestDatabase.empty());
    assertEquals(List.of(), none.list());
    assertEquals(0, none.lastPosition());
    assertTrue(none.find("main").isEmpty());
    assertThrows(StoreException.class, () -> none.reset("main", "users", 0));
  }
}
