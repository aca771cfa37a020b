package org.osprey.coordinator.replica.example;

import java.sql.SQLException;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.projection.HandleContext;
import org.osprey.coordinator.replica.projection.Projection;

final class UserProjection implements Projection {
  @Override
  public String name() {
    return "user_projection";
  }

  @Override
  public void handle(PersistedEvent event, HandleContext context) throws SQLException {
    // Over context.connection(): committed with the position, so it happens once.
  }
}
