package org.osprey.coordinator.database;

import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Runs pieces of work in one transaction: one commit, and so one wait for the disk, for all of
 * them. One that fails takes nothing with it: all are run again then, each with a savepoint.
 * Savepoints from the start would be half of the statements, for something that is rare.
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
    if (!runAll(handle, group)) {
      handle.rollback();
      handle.begin();
      group.forEach(write -> runOne(handle, write));
    }
    group.forEach(PendingWrite::commitBegins);
    handle.commit();
  }

  /**
   * @return whether none failed
   */
  @SuppressWarnings("CatchingUnchecked") // whatever it throws, the others go on
  private boolean runAll(Handle handle, List<PendingWrite<?>> group) {
    try {
      for (PendingWrite<?> write : group) {
        write.run(handle);
      }
      return true;
    } catch (Throwable e) {
      throwIfPassing(e);
      return false;
    }
  }

  @SuppressWarnings("CatchingUnchecked") // as above
  private void runOne(Handle handle, PendingWrite<?> write) {
    // As statements, because Jdbi forgets a savepoint whose release fails.
    handle.execute("savepoint piece");
    try {
      write.run(handle);
      handle.execute("release savepoint piece");
    } catch (Throwable e) {
      throwIfPassing(e);
      handle.execute("rollback to savepoint piece");
      write.fail(e);
    }
  }

  private void throwIfPassing(Throwable failure) {
    SQLException cause = Causes.sql(failure);
    if (cause != null && engine.isPassing(cause)) {
      throw new PassingFailureException(cause);
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
