package org.osprey.coordinator.database;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/**
 * The steps of the writer of an embedded database: before and after each statement, at each row
 * that it changes, and before each commit. On the writer's thread.
 */
final class WriteSteps implements SqlLogger, SQLiteCommitListener {
  private final Runnable step;

  private WriteSteps(Runnable step) {
    this.step = step;
  }

  /**
   * From now on, as long as the writer keeps its connection.
   *
   * @param step told of each; as long as it has not returned, nothing more happens
   */
  static void watch(Database database, Runnable step) {
    Database.join(database.write(handle -> watch(handle, new WriteSteps(step))));
  }

  private static boolean watch(Handle handle, WriteSteps steps) throws Exception {
    handle.getConfig(SqlStatements.class).setSqlLogger(steps);
    SQLiteConnection connection = handle.getConnection().unwrap(SQLiteConnection.class);
    connection.addUpdateListener((type, name, table, row) -> steps.step.run());
    connection.addCommitListener(steps);
    return true;
  }

  @Override
  public void logBeforeExecution(StatementContext context) {
    step.run();
  }

  @Override
  public void logAfterExecution(StatementContext context) {
    step.run();
  }

  @Override
  public void onCommit() {
    step.run();
  }

  @Override
  public void onRollback() {}
}
