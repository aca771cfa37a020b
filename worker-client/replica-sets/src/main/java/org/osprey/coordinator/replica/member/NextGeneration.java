package org.osprey.coordinator.replica.member;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.osprey.coordinator.replica.jdbc.Sql;

/**
 * How a generation begins, in a transaction of the caller's: the set is locked, its checkpoints are
 * fenced, and then it is raised by one.
 */
public final class NextGeneration {
  /** Does not hold up those who join. */
  private static final String LOCK =
      "select 1 from rs_sets where replica_set = ? for no key update";

  /** Locks in the order in which batches do, so that neither waits for the other. */
  private static final String FENCE =
      "with every as (select projection, slot from rs_checkpoints where replica_set = ?"
          + " order by projection, slot for no key update)"
          + " update rs_checkpoints c set generation ="
          + " (select generation + 1 from rs_sets where replica_set = ?) from every e"
          + " where c.replica_set = ? and c.projection = e.projection and c.slot = e.slot";

  private NextGeneration() {}

  /**
   * Keeps others from beginning one too.
   *
   * @return whether there is such a set
   */
  public static boolean lock(Connection connection, String replicaSet) throws SQLException {
    try (PreparedStatement lock = Sql.prepare(connection, LOCK, replicaSet);
        ResultSet row = lock.executeQuery()) {
      return row.next();
    }
  }

  /** From the commit on, no batch of an older generation can be committed. After the lock. */
  public static void fence(Connection connection, String replicaSet) throws SQLException {
    Sql.update(connection, FENCE, replicaSet, replicaSet, replicaSet);
  }
}
