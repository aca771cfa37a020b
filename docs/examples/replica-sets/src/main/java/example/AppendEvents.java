package example;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;

/** Something to do for the workers: as many events as its argument says, of ten users. */
public final class AppendEvents {
  private static final int USERS = 10;

  /** For the migration; appending needs one. */
  private static final int CONNECTIONS = 4;

  private AppendEvents() {}

  public static void main(String... args) {
    try (HikariDataSource database = Surroundings.database(CONNECTIONS)) {
      PostgresEventStore.migrate(database);
      EventStore store = new PostgresEventStore(database);
      for (int i = 0; i < Integer.parseInt(args[0]); i++) {
        NewEvent event = NewEvent.of("UserSeen", "{}".getBytes(UTF_8));
        store.append("user-" + i % USERS, EventStore.ANY_VERSION, List.of(event));
      }
    }
  }
}
