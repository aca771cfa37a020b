package org.osprey.coordinator.app;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.osprey.coordinator.app.config.DatabaseConfig;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseDeadLetters;
import org.osprey.coordinator.database.DatabaseSettings;

/** The database and what is kept in it. */
final class DatabaseParts {
  private DatabaseParts() {}

  /** Adds the database to the components. */
  static DeadLetters deadLetters(DatabaseConfig config, Ticker ticker, List<Component> components) {
    DatabaseSettings settings =
        new DatabaseSettings(
            config.url(),
            Path.of(config.file()),
            config.user(),
            config.password(),
            config.poolSize(),
            config.busyTimeout(),
            config.queueSize(),
            config.maxBatch(),
            config.writeTimeout(),
            Composition.CLOSE_TIMEOUT);
    Database database =
        new Database(settings, List.of(DatabaseDeadLetters.FEATURE), ticker, new Random());
    components.add(database);
    return new DatabaseDeadLetters(database, InstantSource.system());
  }
}
