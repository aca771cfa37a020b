package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseSettingsTest {

  @Test
  void defaults() {
    assertEquals(
        new DatabaseSettings(
            "",
            Path.of("data/coordinator.db"),
            "",
            "",
            4,
            Duration.ofSeconds(5),
            10_000,
            256,
            Duration.ofSeconds(30),
            Duration.ofSeconds(5)),
        DatabaseSettings.builder().build());
  }

  @ParameterizedTest
  @MethodSource
  void wrongOnesAreNamed(String message, UnaryOperator<DatabaseSettings.Builder> wrong) {
    DatabaseSettings.Builder builder = wrong.apply(DatabaseSettings.builder());
    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(String.valueOf(error.getMessage()).startsWith(message), error::getMessage);
  }

  static Stream<Arguments> wrongOnesAreNamed() {
    return Stream.of(
        wrong("database.url must be postgres://", b -> b.url("mysql://h/d")),
        wrong("database.file must not be empty, got \"\"", b -> b.file(Path.of(""))),
        wrong("database.poolSize must be from 1 to 100, got 0", b -> b.poolSize(0)),
        wrong("database.poolSize must be from 1 to 100, got 101", b -> b.poolSize(101)),
        wrong(
            "database.busyTimeout must be from PT0.25S to PT1H, got PT0.1S",
            b -> b.busyTimeout(Duration.ofMillis(100))),
        wrong(
            "database.busyTimeout must be from PT0.25S to PT1H, got PT2H",
            b -> b.busyTimeout(Duration.ofHours(2))),
        wrong("database.queueSize must be from 1 to 1000000, got 0", b -> b.queueSize(0)),
        wrong("database.maxBatch must be from 1 to 10000, got -1", b -> b.maxBatch(-1)),
        wrong(
            "database.writeTimeout must be from PT0.001S to PT1H, got PT0S",
            b -> b.writeTimeout(Duration.ZERO)),
        wrong(
            "database.closeTimeout must be from PT0.001S to PT1H, got PT-1S",
            b -> b.closeTimeout(Duration.ofSeconds(-1))));
  }

  @Test
  void passwordsStayOutOfText() {
    String text =
        DatabaseSettings.builder()
            .url("postgres://u:hush1@h/d?password=hush2")
            .password("hush3")
            .build()
            .toString();
    assertFalse(text.contains("hush"), text);
    assertEquals(
        "DatabaseSettings[database.url=postgresql://h:5432/d, user=, password=***, poolSize=4]",
        text);
  }

  private static Arguments wrong(String message, UnaryOperator<DatabaseSettings.Builder> wrong) {
    return Arguments.of(message, wrong);
  }
}
