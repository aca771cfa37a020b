package org.osprey.coordinator.replica.projection;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a handler is given beside its event. */
public interface HandleContext {

  /**
   * The transaction in which the position moves. It cannot be committed, rolled back or closed by a
   * handler. What {@link #batch} has queued is executed first.
   */
  Connection connection();

  /**
   * Queues a statement of the same transaction. Statements that follow each other with the same
   * text share a round trip; all are executed in the order in which they were queued, before the
   * position moves. When one fails, the events come again and are executed one by one, so that the
   * failure is that of the event that queued it.
   *
   * @param sql changes something; what it returns is lost
   * @param values of its parameters, as {@link java.sql.PreparedStatement#setObject} takes them
   */
  void batch(String sql, @Nullable Object... values) throws SQLException;

  /**
   * The fencing token for effects elsewhere: whoever keeps the greatest one it saw, and refuses
   * smaller ones, is safe from a worker that was replaced and does not know it.
   */
  long generation();
}
