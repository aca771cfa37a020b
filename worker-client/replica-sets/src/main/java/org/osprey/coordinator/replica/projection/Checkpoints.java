package org.osprey.coordinator.replica.projection;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.osprey.coordinator.replica.event.Slots;
import org.osprey.coordinator.replica.member.Assignment;

/**
 * How far the slots of one projection are, in the table {@code rs_checkpoints}. Only the newest
 * generation can move them. Its calls are statements of a transaction of the caller's.
 */
final class Checkpoints {
  /** A new generation waits for this lock, or this for it. */
  private static final String GENERATION =
      "select generation from rs_sets where replica_set = ? for share";

  private static final String ADD =
      "insert into rs_checkpoints (replica_set, projection, slot, position, generation)"
          + " select ?, ?, slot, ?, ? from generate_series(0, ?) as slot on conflict do nothing";

  private static final String LOAD =
      "select slot, position from rs_checkpoints"
          + " where replica_set = ? and projection = ? and slot = any(?)";

  /** Locks in the order in which a new generation does, so that neither waits for the other. */
  private static final String MOVE =
      "with own as (select slot from rs_checkpoints"
          + " where replica_set = ? and projection = ? and slot = any(?)"
          + " order by slot for no key update)"
          + " update rs_checkpoints c set position = greatest(c.position, ?) from own"
          + " where c.replica_set = ? and c.projection = ? and c.slot = own.slot"
          + " and c.generation = ?";

  private final String replicaSet;
  private final String projection;

  Checkpoints(String replicaSet, String projection) {
    this.replicaSet = replicaSet;
    this.projection = projection;
  }

  /** Another generation has begun; this one may do nothing any more. */
  static final class FencedException extends Exception {
    private static final long serialVersionUID = 1;

    FencedException(Assignment assignment) {
      super("generation %d is over".formatted(assignment.generation()));
    }
  }

  /**
   * The positions of a worker's slots; those of a projection that is new begin at a position.
   *
   * @return by slot; those of others are of no meaning
   */
  long[] load(Connection connection, Assignment assignment, long startFrom)
      throws SQLException, FencedException {
    try (PreparedStatement query = connection.prepareStatement(GENERATION)) {
      query.setString(1, replicaSet);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next() || row.getLong(1) != assignment.generation()) {
          throw new FencedException(assignment);
        }
      }
    }
    try (PreparedStatement insert = connection.prepareStatement(ADD)) {
      insert.setString(1, replicaSet);
      insert.setString(2, projection);
      insert.setLong(3, startFrom);
      insert.setLong(4, assignment.generation());
      insert.setInt(5, Slots.COUNT - 1);
      insert.executeUpdate();
    }
    long[] positions = new long[Slots.COUNT];
    try (PreparedStatement query = connection.prepareStatement(LOAD)) {
      query.setString(1, replicaSet);
      query.setString(2, projection);
      query.setArray(3, slots(connection, assignment));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          positions[row.getInt(1)] = row.getLong(2);
        }
      }
    }
    return positions;
  }

  /**
   * Moves all slots of a worker to a position, but those that are further already. The last
   * statement before the commit: if a new generation begins first it is refused, otherwise the new
   * generation sees it.
   */
  void move(Connection connection, Assignment assignment, long position)
      throws SQLException, FencedException {
    try (PreparedStatement update = connection.prepareStatement(MOVE)) {
      update.setString(1, replicaSet);
      update.setString(2, projection);
      update.setArray(3, slots(connection, assignment));
      update.setLong(4, position);
      update.setString(5, replicaSet);
      update.setString(6, projection);
      update.setLong(7, assignment.generation());
      if (update.executeUpdate() != assignment.slots().size()) {
        throw new FencedException(assignment);
      }
    }
  }

  private static Array slots(Connection connection, Assignment assignment) throws SQLException {
    return connection.createArrayOf("smallint", assignment.slots().stream().boxed().toArray());
  }
}
