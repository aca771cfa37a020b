package org.osprey.coordinator.replica.event;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.TestDatabase;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.ds.PGSimpleDataSource;

class NotificationsTest {
  private final PGSimpleDataSource database = TestDatabase.create();
  private final PostgresEventStore store = new PostgresEventStore(database);
  private final AtomicInteger wakes = new AtomicInteger();
  private final AppendListener listener = new AppendListener(database, wakes::incrementAndGet);

  @AfterEach
  void close() {
    listener.close();
  }

  private void listen() {
    listener.start();
    await().until(listener::isListening);
    await().until(() -> wakes.get() == 1);
  }

  private static List<NewEvent> event() {
    return List.of(NewEvent.of("happened", new byte[0]));
  }

  @Test
  void anAppendIsHeardOf() {
    listen();
    store.append("a", 0, event());
    await().until(() -> wakes.get() == 2);
  }

  @Test
  void anAppendInAnothersTransactionIsHeardOfWhenItSaysSo() throws SQLException {
    listen();
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      PostgresEventStore.append(connection, "a", 0, event());
      connection.commit();
    }
    store.notifyReaders();
    await().until(() -> wakes.get() == 2);
  }

  @Test
  void manyAppendsAreToldOfAtMostTwentyTimesASecond() throws SQLException {
    try (Connection connection = database.getConnection()) {
      AppendChannel.listen(connection);
      PGConnection server = connection.unwrap(PGConnection.class);
      long began = System.nanoTime();
      int appends = 0;
      int notifications = 0;
      while (notifications < 10) {
        store.append("a", EventStore.ANY_VERSION, event());
        appends++;
        notifications += count(server.getNotifications());
      }
      long pauses = (System.nanoTime() - began) / AppendNotifier.PAUSE.toNanos();
      assertTrue(notifications <= pauses + 1, notifications + " in " + pauses + " pauses");
      assertTrue(appends > notifications, "appends: " + appends);
    }
  }

  private static int count(PGNotification[] notifications) {
    return notifications == null ? 0 : notifications.length;
  }

  @Test
  void theLastOfManyAppendsIsToldOf() throws SQLException {
    try (Connection connection = database.getConnection()) {
      AppendChannel.listen(connection);
      PGConnection server = connection.unwrap(PGConnection.class);
      for (int i = 0; i < 20; i++) {
        long version = store.append("a", EventStore.ANY_VERSION, event());
        assertEquals(i + 1, version);
      }
      long told = 0;
      while (told < 20) {
        PGNotification[] heard = server.getNotifications(60_000);
        assertTrue(count(heard) > 0, "nothing was told after version " + told);
        told = version();
      }
    }
  }

  private long version() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("select max(version) from rs_events")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void aListenerThatLosesItsConnectionListensAgain() {
    listen();
    TestDatabase.server()
        .execute(
            database.getDatabaseName(),
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and query like 'listen%'");
    // It looks for what it may have missed.
    await().until(() -> wakes.get() == 2);
    store.append("a", 0, event());
    await().until(() -> wakes.get() == 3);
  }

  @Test
  void tablesOfOtherSchemasDoNotWakeIt() throws SQLException {
    listen();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create schema other");
    }
    PGSimpleDataSource other = new PGSimpleDataSource();
    other.setUrl(database.getUrl());
    other.setUser(database.getUser());
    other.setPassword(database.getPassword());
    other.setCurrentSchema("other");
    PostgresEventStore.migrate(other);
    AtomicInteger others = new AtomicInteger();
    try (AppendListener otherListener = new AppendListener(other, others::incrementAndGet)) {
      otherListener.start();
      await().until(() -> others.get() == 1);
      new PostgresEventStore(other).append("a", 0, event());
      await().until(() -> others.get() == 2);
      store.append("a", 0, event());
      await().until(() -> wakes.get() == 2);
      assertEquals(2, others.get());
    }
  }

  @Test
  void aStoreThatIsToldSoNotifiesNobody() {
    listen();
    store.withoutNotifications().append("a", 0, event());
    store.append("b", 0, event());
    await().until(() -> wakes.get() >= 2);
    await().during(AppendNotifier.PAUSE.multipliedBy(4)).until(() -> wakes.get() == 2);
    assertEquals(Duration.ofMillis(50), AppendNotifier.PAUSE);
  }
}
