package org.osprey.coordinator.database;

import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Runs pieces of work in one transaction: one commit, and so one wait for the disk, for all of
 * them. Each has a savepoint, so that one that fails takes nothing with it.
 */
final class GroupCommit {
  private final Engine engine;

  GroupCommit(Engine engine) {
    this.engine = engine;
  }

  /**
   * Nobody is told of an outcome yet.
   *
   * @throws RuntimeException when the transaction failed, and with it all of them
   */
  void run(Handle handle, List<PendingWrite<?>> group) {
    handle.begin();
    for (PendingWrite<?> write : group) {
      runOne(handle, write);
    }
    group.forEach(PendingWrite::commitBegins);
    handle.commit();
  }

  @SuppressWarnings("CatchingUnchecked") // whatever it throws, the others go on
  private void runOne(Handle handle, PendingWrite<?> write) {
    // As statements, because Jdbi forgets a savepoint whose release fails.
    handle.execute("savepoint piece");
    try {
      write.run(handle);
      handle.execute("release savepoint piece");
    } catch (Throwable e) {
      SQLException cause = Causes.sql(e);
      if (cause != null && engine.isPassing(cause)) {
        throw new PassingFailureException(cause);
      }
      handle.execute("rollback to savepoint piece");
      write.fail(e);
    }
  }

  /** The surroundings failed a piece of work. */
  private static final class PassingFailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PassingFailureException(SQLException cause) {
      super(cause);
    }
  }
}
