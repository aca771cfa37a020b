package org.osprey.coordinator.app;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.osprey.coordinator.app.config.DatabaseConfig;
import org.osprey.coordinator.app.config.SubmissionsConfig;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseDeadLetters;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.DatabaseSource;
import org.osprey.coordinator.database.SubmissionSettings;

/** The database, which adds itself to the components, and what is kept in it. */
final class DatabaseParts {
  private static final List<String> FEATURES =
      List.of(DatabaseDeadLetters.FEATURE, DatabaseSource.FEATURE);

  private final Ticker ticker;
  private final Database database;

  DatabaseParts(DatabaseConfig config, Ticker ticker, List<Component> components) {
    this.ticker = ticker;
    database = new Database(settings(config), FEATURES, ticker, new Random());
    components.add(database);
  }

  DeadLetters deadLetters() {
    return new DatabaseDeadLetters(database, InstantSource.system());
  }

  DatabaseSource source(SubmissionsConfig config, DeadLetters deadLetters) {
    SubmissionSettings settings =
        new SubmissionSettings(
            config.maxStored(),
            config.maxInFlight(),
            config.maxInFlightBytes().bytes(),
            config.claim(),
            Composition.CLOSE_TIMEOUT);
    return new DatabaseSource(database, settings, deadLetters, ticker);
  }

  private static DatabaseSettings settings(DatabaseConfig config) {
    return new DatabaseSettings(
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
  }
}
