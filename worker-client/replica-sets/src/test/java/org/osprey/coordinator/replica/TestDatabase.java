package org.osprey.coordinator.replica;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.postgresql.ds.PGSimpleDataSource;

/** One server for the tests of this JVM, and a database of its own for each that asks. */
public final class TestDatabase {
  private TestDatabase() {}

  private static final class Shared {
    private static final PostgresServer SERVER = PostgresServer.start();
  }

  public static PostgresServer server() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    return Shared.SERVER;
  }

  /** One of the caller's own, who may stop and kill it. */
  public static PostgresServer ownServer() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    return PostgresServer.start();
  }

  /** With our tables. */
  public static PGSimpleDataSource create() {
    return create(server());
  }

  public static PGSimpleDataSource create(PostgresServer server) {
    PGSimpleDataSource database = empty(server);
    PostgresEventStore.migrate(database);
    return database;
  }

  public static PGSimpleDataSource empty() {
    return empty(server());
  }

  private static PGSimpleDataSource empty(PostgresServer server) {
    String url = server.newDatabase();
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl("jdbc:postgresql://" + server.address() + url.substring(url.lastIndexOf('/')));
    database.setUser(PostgresServer.USER);
    database.setPassword(PostgresServer.PASSWORD);
    return database;
  }
}
