package org.osprey.coordinator.replica.example;

import java.sql.SQLException;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.projection.HandleContext;
import org.osprey.coordinator.replica.projection.Projection;

final class OrderProjection implements Projection {
  @Override
  public String name() {
    return "order_projection";
  }

  @Override
  public void handle(PersistedEvent event, HandleContext context) throws SQLException {
    context.batch(
        "insert into orders (id, events) values (?, 1)"
            + " on conflict (id) do update set events = orders.events + 1",
        event.streamId());
  }
}
