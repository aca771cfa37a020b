package org.osprey.coordinator.replica.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.ReplicaSets;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.postgresql.ds.PGSimpleDataSource;

/** Statements that handlers queue. */
class StatementQueueTest {
  private static final String INSERT = "insert into seen (position, note) values (?, ?)";
  private static final String DELETE = "delete from seen where position < ?";

  private final PGSimpleDataSource database = TestDatabase.create();
  private final EventStore store = new PostgresEventStore(database);
  private final List<ReplicaSetRunner> runners = new ArrayList<>();

  @BeforeEach
  void makeTable() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table seen (seq bigserial, position bigint primary key, note text,"
              + " check (note <> 'refused'))");
    }
  }

  @AfterEach
  void close() {
    runners.forEach(ReplicaSetRunner::close);
  }

  @FunctionalInterface
  private interface Handler {
    void handle(PersistedEvent event, HandleContext context) throws Exception;
  }

  private record Parking(Handler handler, List<Long> failed) implements Projection {
    @Override
    public String name() {
      return "parking";
    }

    @Override
    public void handle(PersistedEvent event, HandleContext context) throws Exception {
      handler.handle(event, context);
    }

    @Override
    public OnFailure onFailure(PersistedEvent event, Exception failure, int attempt) {
      failed.add(event.position());
      return OnFailure.PARK;
    }
  }

  /** Ends when the last event is handled. */
  private List<Long> run(Handler handler) {
    List<Long> failed = new CopyOnWriteArrayList<>();
    ReplicaSetRunner runner =
        ReplicaSetRunner.builder()
            .dataSource(database)
            .eventStore(store)
            .replicaSet("queue")
            .batchSize(50)
            .build();
    runners.add(runner);
    Thread thread = new Thread(() -> runner.run(List.of(new Parking(handler, failed))));
    thread.setDaemon(true);
    thread.start();
    return failed;
  }

  private void append(int events) {
    for (int i = 0; i < events; i++) {
      store.append(
          "stream-" + i, EventStore.ANY_VERSION, List.of(NewEvent.of("x", "y".getBytes(UTF_8))));
    }
  }

  private List<Long> seen() throws SQLException {
    List<Long> positions = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select position from seen order by seq")) {
      while (row.next()) {
        positions.add(row.getLong(1));
      }
    }
    return positions;
  }

  private static List<Long> upTo(int last) {
    return java.util.stream.LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void whatIsQueuedIsExecutedInOrder() throws SQLException {
    append(120);
    run((event, context) -> context.batch(INSERT, event.position(), null));
    await().until(() -> seen().size() == 120);
    assertEquals(upTo(120), seen());
  }

  @Test
  void statementsOfSeveralTextsKeepTheirOrder() throws SQLException {
    append(60);
    run(
        (event, context) -> {
          context.batch(INSERT, event.position(), "kept");
          context.batch(DELETE, event.position());
        });
    await().until(() -> seen().equals(List.of(60L)));
  }

  @Test
  void whatIsQueuedIsThereForStatementsOfTheHandlersOwn() throws SQLException {
    append(60);
    List<Long> counts = new CopyOnWriteArrayList<>();
    run(
        (event, context) -> {
          context.batch(INSERT, event.position(), "kept");
          try (Statement statement = context.connection().createStatement();
              ResultSet row = statement.executeQuery("select count(*) from seen")) {
            row.next();
            counts.add(row.getLong(1));
          }
        });
    await().until(() -> seen().size() == 60);
    assertEquals(upTo(60), counts);
  }

  @Test
  void theEventIsParkedWhoseStatementFailed() throws SQLException {
    append(60);
    List<Long> failed =
        run(
            (event, context) ->
                context.batch(INSERT, event.position(), event.position() == 7 ? "refused" : "ok"));
    await().until(() -> seen().size() == 59);
    assertEquals(List.of(7L), failed);
    String error = new ReplicaSets(database).parked("queue", "parking", 10).getFirst().error();
    assertTrue(error.contains("violates check constraint"), error);
    assertFalse(error.contains("insert into"), error);
    List<Long> others = new ArrayList<>(upTo(60));
    others.remove(7L);
    assertEquals(others, seen());
  }

  /** The statement of an earlier event fails while a later one is handled. */
  @Test
  void theEventIsParkedWhoseStatementFailedAndNotTheOneThatSentIt() throws SQLException {
    append(60);
    List<Long> failed =
        run(
            (event, context) -> {
              if (event.position() == 12) {
                context.connection().createStatement().close();
              }
              context.batch(INSERT, event.position(), event.position() == 7 ? "refused" : "ok");
            });
    await().until(() -> seen().size() == 59);
    assertEquals(List.of(7L), failed);
  }
}
