package example;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.projection.HandleContext;
import org.osprey.coordinator.replica.projection.OnFailure;
import org.osprey.coordinator.replica.projection.Projection;

/** Counts the events of each user, in a table of its own. */
final class UserProjection implements Projection {
  private static final int TRIES = 5;

  private final String table;
  private final String upsert;

  /**
   * @param table made by {@link #createTable}
   */
  UserProjection(String table) {
    this.table = table;
    upsert =
        """
        insert into %1$s (user_id, events) values (?, 1)
        on conflict (user_id) do update set events = %1$s.events + 1
        """
            .formatted(table);
  }

  void createTable(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists %s (user_id text primary key, events bigint not null)"
              .formatted(table));
    }
  }

  @Override
  public String name() {
    return table;
  }

  /** Over the connection that it is given, so that each event counts once, whoever dies. */
  @Override
  public void handle(PersistedEvent event, HandleContext context) throws SQLException {
    try (PreparedStatement statement = context.connection().prepareStatement(upsert)) {
      statement.setString(1, event.streamId());
      statement.executeUpdate();
    }
  }

  /** An event that cannot be handled does not hold up other users for long. */
  @Override
  public OnFailure onFailure(PersistedEvent event, Exception failure, int attempt) {
    return attempt < TRIES ? OnFailure.RETRY : OnFailure.PARK;
  }
}
