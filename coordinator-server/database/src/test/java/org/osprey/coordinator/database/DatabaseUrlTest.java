package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  private static final Path FILE = Path.of("data", "x.db");

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void nothingMeansTheFile(String url) {
    DatabaseUrl.Sqlite sqlite = assertInstanceOf(DatabaseUrl.Sqlite.class, of(url));
    assertEquals(FILE.toAbsolutePath(), sqlite.file());
    assertEquals("database.file=data/x.db", sqlite.place());
  }

  @ParameterizedTest
  @CsvSource({
    "sqlite:/var/lib/a.db, /var/lib/a.db",
    "jdbc:sqlite:/var/lib/a.db, /var/lib/a.db",
    "sqlite:///var/lib/a.db, /var/lib/a.db",
    "SQLITE:/var/lib/A b.db, /var/lib/A b.db",
  })
  void sqliteAddresses(String url, String file) {
    DatabaseUrl.Sqlite sqlite = assertInstanceOf(DatabaseUrl.Sqlite.class, of(url));
    assertEquals(Path.of(file), sqlite.file());
    assertEquals("database.url=sqlite:" + file, sqlite.place());
  }

  @Test
  void aRelativeSqliteFileIsBesideTheProcess() {
    DatabaseUrl.Sqlite sqlite = assertInstanceOf(DatabaseUrl.Sqlite.class, of("sqlite:a.db"));
    assertEquals(Path.of("a.db").toAbsolutePath(), sqlite.file());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgres://u:p@h:5433/d|jdbc:postgresql://h:5433/d|u|p|postgresql://h:5433/d",
        "postgresql://u:p@h/d|jdbc:postgresql://h/d|u|p|postgresql://h:5432/d",
        "postgresql+psycopg2://u:p@h/d|jdbc:postgresql://h/d|u|p|postgresql://h:5432/d",
        "postgresql+asyncpg://u:p@h/d|jdbc:postgresql://h/d|u|p|postgresql://h:5432/d",
        "postgresql://postgres:postgres@postgres:5432/orchestrator"
            + "|jdbc:postgresql://postgres:5432/orchestrator|postgres|postgres"
            + "|postgresql://postgres:5432/orchestrator",
        "POSTGRES://h/d|jdbc:postgresql://h/d|''|''|postgresql://h:5432/d",
        "postgres://u@h/d|jdbc:postgresql://h/d|u|''|postgresql://h:5432/d",
        "postgres://u%40x:p%3A%2F+%25@h/d|jdbc:postgresql://h/d|u@x|p:/+%|postgresql://h:5432/d",
        "postgres://u:p@a:1,b:2/d?targetServerType=primary"
            + "|jdbc:postgresql://a:1,b:2/d?targetServerType=primary|u|p|postgresql://a:1,b:2/d",
        "postgres://u:p@h/d?sslmode=require&application_name=x&connect_timeout=3"
            + "|jdbc:postgresql://h/d?sslmode=require&ApplicationName=x&connectTimeout=3"
            + "|u|p|postgresql://h:5432/d",
        "postgres://u:p@h?sslmode=require|jdbc:postgresql://h/?sslmode=require|u|p"
            + "|postgresql://h:5432/",
      })
  void postgresAddresses(String url, String jdbc, String user, String password, String shown) {
    DatabaseUrl.Postgres postgres = assertInstanceOf(DatabaseUrl.Postgres.class, of(url));
    assertEquals(jdbc, postgres.jdbc());
    assertEquals(user, postgres.user());
    assertEquals(password, postgres.password());
    assertEquals("database.url=" + shown, postgres.place());
  }

  @Test
  void aDriversOwnAddressPassesAsItIs() {
    String jdbc = "jdbc:postgresql://h:1/d?user=u&password=hush";
    DatabaseUrl.Postgres postgres = assertInstanceOf(DatabaseUrl.Postgres.class, of(jdbc));
    assertEquals(jdbc, postgres.jdbc());
    assertEquals("database.url=postgresql://h:1/d", postgres.place());
    assertFalse(postgres.toString().contains("hush"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:hush@h/d",
        "postgres:u:hush@h/d",
        "postgresql+://u:hush@h/d",
        "mysql+pymysql://u:hush@h/d",
        "postgres://u:hush@x@h/d",
        "postgres://u:hush@h:99999/d",
        "postgres://u:hush%zz@h/d",
        "jdbc:postgresql://h:port/d?password=hush",
        "jdbc:postgresql://u:hush@h/d",
        "jdbc:oracle:thin:hush",
        "hush",
        "sqlite:",
        "sqlite::memory:",
        "jdbc:sqlite:file:x?mode=hush",
        "sqlite:x.db?cipher=hush",
      })
  void whatCannotBeReadNamesTheSettingAndKeepsSecrets(String url) {
    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> of(url));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("database.url must be "), message);
    assertFalse(message.contains("hush"), message);
  }

  private static DatabaseUrl of(String url) {
    return DatabaseUrl.of(url, FILE);
  }
}
