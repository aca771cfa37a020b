package org.osprey.coordinator.benchmarks.e2e;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.replica.event.AppendListener;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.projection.HandleContext;

/** Appending and handling events on a PostgreSQL whose commits wait for the disk. */
final class ReplicaSetsOverPostgres implements Scenario {
  private static final double SECONDS = Integer.getInteger("replica.seconds", 5);
  private static final int BACKLOG = Integer.getInteger("replica.events", 1_000_000);
  private static final int TURNS = 5;
  private static final int CONNECTIONS = 30;
  private static final int[] WRITERS = {1, 4, 8};
  private static final int[] EVENTS = {1, 100};
  private static final int[] RATES = {5, 500};
  private static final int BATCH = 1_000;

  /** Of the backlog; the rest is left, as all of a generation never end together. */
  private static final double SHARE = 0.9;

  private static final String UPSERT =
      "insert into counted (stream_id, events) values (?, 1)"
          + " on conflict (stream_id) do update set events = counted.events + 1";

  @Override
  public List<Figure> measure() throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (PostgresServer server = PostgresServer.startDurable()) {
      try (HikariDataSource database = database(server)) {
        figures.addAll(appends(database));
      }
      try (HikariDataSource database = database(server)) {
        figures.addAll(handling(database));
        figures.addAll(latencies(database));
      }
    }
    return figures;
  }

  private static HikariDataSource database(PostgresServer server) throws SQLException {
    String url = server.newDatabase();
    HikariDataSource database = new HikariDataSource();
    database.setJdbcUrl(
        "jdbc:postgresql://" + server.address() + url.substring(url.lastIndexOf('/')));
    database.setUsername(PostgresServer.USER);
    database.setPassword(PostgresServer.PASSWORD);
    database.setMaximumPoolSize(CONNECTIONS);
    PostgresEventStore.migrate(database);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table counted (stream_id text primary key, events bigint)");
    }
    return database;
  }

  /** With notifications and without in turn, as the machine is not equally quick all the time. */
  private static List<Figure> appends(HikariDataSource database) throws Exception {
    List<Figure> figures = new ArrayList<>();
    PostgresEventStore store = new PostgresEventStore(database);
    PostgresEventStore quiet = store.withoutNotifications();
    double unused = new EventWriters(store, 8, 1).rate(SECONDS);
    try (AppendListener listener = new AppendListener(database, () -> {})) {
      listener.start();
      for (int events : EVENTS) {
        for (int writers : WRITERS) {
          EventWriters notifying = new EventWriters(store, writers, events);
          EventWriters silent = new EventWriters(quiet, writers, events);
          double without = 0;
          double with = 0;
          for (int turn = 0; turn < TURNS; turn++) {
            without += silent.rate(SECONDS / TURNS) / TURNS;
            with += notifying.rate(SECONDS / TURNS) / TURNS;
          }
          String name = "appended, writers: %d, at once: %d".formatted(writers, events);
          figures.add(
              writers * events == 1
                  ? Figure.of(name, with, "1/s")
                  : Figure.atLeast(name, with, "1/s", 5_000));
          figures.add(Figure.atLeast("of that without notifications", with / without, "", 0.9));
        }
      }
    }
    return figures;
  }

  private static List<Figure> handling(HikariDataSource database) throws Exception {
    PostgresEventStore store = new PostgresEventStore(database);
    long backlog = fill(store);
    ProjectionLoad load = new ProjectionLoad(database, store, backlog);
    ProjectionLoad.Handler nothing = ProjectionLoad.Handler.NOTHING;
    double unused = load.rate("warm-up", 1, BATCH, 0.5, nothing);
    double one = load.rate("one", 1, BATCH, SHARE, nothing);
    double two = load.rate("two", 2, BATCH, SHARE, nothing);
    double small = load.rate("small", 1, 100, SHARE / 4, nothing);
    double alone = load.rate("alone", 1, BATCH, SHARE / 8, ReplicaSetsOverPostgres::upsert);
    double queued = load.rate("queued", 1, BATCH, SHARE / 4, ReplicaSetsOverPostgres::queue);
    double both = load.rate("both", 2, BATCH, SHARE / 4, ReplicaSetsOverPostgres::queue);
    return List.of(
        Figure.atLeast("no-op handler, one worker", one, "1/s", 40_000),
        Figure.of("no-op handler, two workers", two, "1/s"),
        Figure.atLeast("two workers, of one", two / one, "", 1.6),
        Figure.of("no-op handler, batches of 100", small, "1/s"),
        Figure.atLeast("an upsert an event, queued", queued, "1/s", 8_000),
        Figure.of("an upsert an event, one by one", alone, "1/s"),
        Figure.of("an upsert an event, queued, two workers", both, "1/s"),
        Figure.atLeast("two workers with upserts, of one", both / queued, "", 1.6));
  }

  private static List<Figure> latencies(HikariDataSource database) throws Exception {
    PostgresEventStore store = new PostgresEventStore(database);
    List<Figure> figures = new ArrayList<>();
    for (int rate : RATES) {
      Latencies heard =
          new HandlingLatency(database, store, true).measure("heard" + rate, rate, 4 * SECONDS);
      figures.add(
          Figure.of("append to handled p50, %d/s".formatted(rate), heard.quantile(0.5), "ms"));
      figures.add(
          Figure.of("append to handled p99, %d/s".formatted(rate), heard.quantile(0.99), "ms"));
    }
    Latencies found =
        new HandlingLatency(database, store.withoutNotifications(), false)
            .measure("found", RATES[0], 4 * SECONDS);
    figures.add(Figure.of("the same without listening, p50", found.quantile(0.5), "ms"));
    figures.add(Figure.of("the same without listening, p99", found.quantile(0.99), "ms"));
    return figures;
  }

  private static long fill(EventStore store) throws Exception {
    EventWriters writers = new EventWriters(store, 1, 1_000);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < BACKLOG / 1_000; i++) {
      writers.append(random);
    }
    return BACKLOG;
  }

  private static void upsert(PersistedEvent event, HandleContext context) throws SQLException {
    try (PreparedStatement statement = context.connection().prepareStatement(UPSERT)) {
      statement.setString(1, event.streamId());
      statement.executeUpdate();
    }
  }

  private static void queue(PersistedEvent event, HandleContext context) throws SQLException {
    context.batch(UPSERT, event.streamId());
  }
}
