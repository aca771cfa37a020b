package org.osprey.coordinator.database;

import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings the tables of each feature up to date. A feature has a folder {@code db/migration/FEATURE}
 * on the class path and a history table of its own, so that features number their migrations
 * independently of each other. One text serves both databases; column types that differ are
 * placeholders.
 */
final class Migrations {
  private final List<String> features;

  Migrations(List<String> features) {
    this.features = List.copyOf(features);
  }

  void run(DataSource database, Map<String, String> types) {
    for (String feature : features) {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(database)
          .locations("classpath:db/migration/" + feature)
          .failOnMissingLocations(true)
          .table("migrations_of_" + feature)
          .placeholders(types)
          // The tables of other features are there, but not ours.
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .load()
          .migrate();
    }
  }
}
