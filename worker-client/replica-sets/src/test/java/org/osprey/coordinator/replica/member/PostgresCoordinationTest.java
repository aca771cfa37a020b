package org.osprey.coordinator.replica.member;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.StoreException;
import org.postgresql.ds.PGSimpleDataSource;

/** Also what happens to checkpoints. */
class PostgresCoordinationTest extends CoordinationContract {
  private final PGSimpleDataSource database = TestDatabase.create();

  @Override
  Coordination coordination(Duration stale) {
    return new PostgresCoordination(database, "set", stale);
  }

  private Coordination coordination() {
    return coordination(Duration.ofMinutes(1));
  }

  private int execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  @Test
  void anOlderGenerationCannotMoveACheckpoint() throws SQLException {
    Coordination coordination = coordination();
    coordination.join("a");
    coordination.renew();
    try (Connection batch = database.getConnection()) {
      execute(batch, "insert into rs_checkpoints values ('set', 'p', 0, 0, 1)");
      batch.setAutoCommit(false);
      coordination.join("b");
      assertTrue(coordination.renew());
      assertEquals(
          0,
          execute(
              batch,
              "update rs_checkpoints set position = 10 where replica_set = 'set' and slot = 0"
                  + " and generation = 1"));
    }
  }

  @Test
  void aBatchAtItsCommitHoldsUpTheDivisionForABoundedTime() throws SQLException {
    Coordination coordination = coordination();
    coordination.join("a");
    coordination.renew();
    try (Connection batch = database.getConnection()) {
      execute(batch, "insert into rs_checkpoints values ('set', 'p', 0, 0, 1)");
      batch.setAutoCommit(false);
      assertEquals(1, execute(batch, "update rs_checkpoints set position = 10"));
      coordination.join("b");
      assertThrows(StoreException.class, coordination::renew);
      assertEquals(1, coordination.look().generation());
      batch.commit();
      assertTrue(coordination.renew());
    }
  }

  @Test
  void setsDoNotKnowEachOther() {
    Coordination one = coordination();
    Coordination other = new PostgresCoordination(database, "other", Duration.ofMinutes(1));
    one.join("a");
    other.join("a");
    assertTrue(one.renew());
    assertEquals(0, other.look().generation());
    assertTrue(other.renew());
    assertEquals(1, one.look().members().size());
  }

  @Test
  void anotherNumberOfSlotsIsRefused() throws SQLException {
    try (Connection connection = database.getConnection()) {
      execute(connection, "insert into rs_sets (replica_set, slots) values ('set', 16)");
    }
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> coordination().check());
    assertEquals(
        "replica set set cannot run: it was made with 16 slots, want 64: they cannot be changed",
        refused.getMessage());
  }

  /** Connections that stop where the work is divided, until they are released. */
  private DataSource stopping(CountDownLatch reached, CountDownLatch release) {
    return proxy(
        DataSource.class,
        database,
        connection ->
            proxy(
                Connection.class,
                (Connection) connection,
                statement -> {
                  if (String.valueOf(statement).startsWith("update rs_sets set generation")) {
                    reached.countDown();
                    release.await();
                  }
                  return statement;
                }));
  }

  private interface Wrapper {
    Object wrap(Object result) throws InterruptedException;
  }

  private static <T> T proxy(Class<T> type, T target, Wrapper wrapper) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, values) -> {
              try {
                Object result = method.invoke(target, values);
                return result == null ? null : wrapper.wrap(result);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }

  @Test
  void aWorkerThatStopsWhileItDividesTheWorkHoldsTheOthersUpForAMoment() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Coordination stopped =
        new PostgresCoordination(stopping(reached, release), "set", Duration.ofMinutes(1));
    Coordination other = coordination();
    other.join("a");
    CompletableFuture<Boolean> renewal = CompletableFuture.supplyAsync(stopped::renew);
    reached.await();
    other.join("b");
    assertTrue(other.heartbeat("b", true));
    await().ignoreException(StoreException.class).until(other::renew);
    release.countDown();
    ExecutionException refused = assertThrows(ExecutionException.class, renewal::get);
    assertInstanceOf(StoreException.class, refused.getCause());
    assertEquals(1, other.look().generation());
    assertEquals(2, other.look().partitions());
  }
}
