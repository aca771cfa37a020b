package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Brings the tables of each feature up to date. A feature has a folder {@code db/migration/FEATURE}
 * on the class path and a history table of its own, so that features number their migrations
 * independently of each other. One text serves both databases; column types that differ are
 * placeholders. Where a feature has no history but another program has made a table of the same
 * name, nothing is changed at all.
 */
final class Migrations {
  private static final Pattern TABLE = Pattern.compile("(?m)^create table (\\w+)");

  private final List<String> features;

  Migrations(List<String> features) {
    this.features = List.copyOf(features);
  }

  /** A table that is needed is there, and is not ours. */
  static final class ForeignTableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForeignTableException(String table) {
      super(
          "the table %s belongs to another program, want a database or schema without it"
              .formatted(table));
    }
  }

  /**
   * @throws ForeignTableException before anything was changed
   */
  void run(DataSource database, Map<String, String> types) {
    List<Flyway> migrations =
        features.stream().map(feature -> migration(feature, database, types)).toList();
    Jdbi.create(database)
        .useHandle(
            handle -> {
              for (int i = 0; i < features.size(); i++) {
                refuseForeign(handle, features.get(i), migrations.get(i));
              }
            });
    migrations.forEach(Flyway::migrate);
  }

  private static Flyway migration(String feature, DataSource database, Map<String, String> types) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(database)
        .locations(folder(feature))
        .failOnMissingLocations(true)
        .table(history(feature))
        .placeholders(types)
        // The tables of other features are there, but not ours.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load();
  }

  private static void refuseForeign(Handle handle, String feature, Flyway migration) {
    if (exists(handle, history(feature))) {
      return;
    }
    for (MigrationInfo pending : migration.info().pending()) {
      for (String table : tables(text(folder(feature) + "/" + pending.getScript()))) {
        if (exists(handle, table)) {
          throw new ForeignTableException(table);
        }
      }
    }
  }

  private static boolean exists(Handle handle, String table) {
    return handle
        .queryMetadata(
            metadata -> metadata.getTables(null, metadata.getConnection().getSchema(), table, null))
        .mapToMap()
        .findFirst()
        .isPresent();
  }

  private static List<String> tables(String script) {
    return TABLE.matcher(script).results().map(match -> match.group(1)).toList();
  }

  private static String text(String resource) {
    try (InputStream in = Migrations.class.getResourceAsStream("/" + resource)) {
      return new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String folder(String feature) {
    return "db/migration/" + feature;
  }

  private static String history(String feature) {
    return "migrations_of_" + feature;
  }
}
