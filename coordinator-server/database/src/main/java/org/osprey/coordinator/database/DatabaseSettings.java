package org.osprey.coordinator.database;

import com.google.errorprone.annotations.FormatMethod;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Which database, and how to use it.
 *
 * @param url {@code postgres://user:password@host:port/database?...}, {@code jdbc:postgresql:...}
 *     or {@code sqlite:file}; empty for the embedded database in {@code file}
 * @param file of the embedded database; its folder is made when it is missing
 * @param user for PostgreSQL, over the one in {@code url}; empty for that one
 * @param password likewise
 * @param poolSize connections for queries; writing has one of its own
 * @param busyTimeout how long a query waits for a free connection, and SQLite for another program's
 *     lock
 * @param queueSize pieces of work that may wait to be written; more are refused
 * @param maxBatch pieces of work in one commit
 * @param writeTimeout how long a piece of work is tried before it fails
 * @param closeTimeout how long {@link Database#close} goes on writing what waits
 */
public record DatabaseSettings(
    String url,
    Path file,
    String user,
    String password,
    int poolSize,
    Duration busyTimeout,
    int queueSize,
    int maxBatch,
    Duration writeTimeout,
    Duration closeTimeout) {

  /** What the connection pool can do. */
  private static final Duration SHORTEST_BUSY_TIMEOUT = Duration.ofMillis(250);

  private static final Duration LONGEST = Duration.ofHours(1);

  public DatabaseSettings {
    if (file.toString().isBlank()) {
      throw invalid("file must not be empty, got \"%s\"", file);
    }
    DatabaseUrl.of(url, file);
    between("poolSize", poolSize, 100);
    between("busyTimeout", busyTimeout, SHORTEST_BUSY_TIMEOUT);
    between("queueSize", queueSize, 1_000_000);
    between("maxBatch", maxBatch, 10_000);
    between("writeTimeout", writeTimeout, Duration.ofMillis(1));
    between("closeTimeout", closeTimeout, Duration.ofMillis(1));
  }

  /** Defaults for everything: the embedded database in {@code data/coordinator.db}. */
  public static Builder builder() {
    return new Builder();
  }

  DatabaseUrl address() {
    return DatabaseUrl.of(url, file);
  }

  /** Leaves the password out, wherever it stands. */
  @Override
  public String toString() {
    return "DatabaseSettings[%s, user=%s, password=%s, poolSize=%d]"
        .formatted(address().place(), user, password.isEmpty() ? "" : "***", poolSize);
  }

  private static void between(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw invalid("%s must be from 1 to %d, got %d", name, most, value);
    }
  }

  private static void between(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
      throw invalid("%s must be from %s to %s, got %s", name, least, LONGEST, value);
    }
  }

  @FormatMethod
  private static IllegalArgumentException invalid(String message, Object... values) {
    return new IllegalArgumentException("database." + message.formatted(values));
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private String url = "";
    private Path file = Path.of("data", "coordinator.db");
    private String user = "";
    private String password = "";
    private int poolSize = 4;
    private Duration busyTimeout = Duration.ofSeconds(5);
    private int queueSize = 10_000;
    private int maxBatch = 256;
    private Duration writeTimeout = Duration.ofSeconds(30);
    private Duration closeTimeout = Duration.ofSeconds(5);

    private Builder() {}

    public Builder url(String value) {
      url = value;
      return this;
    }

    public Builder file(Path value) {
      file = value;
      return this;
    }

    public Builder user(String value) {
      user = value;
      return this;
    }

    public Builder password(String value) {
      password = value;
      return this;
    }

    public Builder poolSize(int connections) {
      poolSize = connections;
      return this;
    }

    public Builder busyTimeout(Duration value) {
      busyTimeout = value;
      return this;
    }

    public Builder queueSize(int pieces) {
      queueSize = pieces;
      return this;
    }

    public Builder maxBatch(int pieces) {
      maxBatch = pieces;
      return this;
    }

    public Builder writeTimeout(Duration value) {
      writeTimeout = value;
      return this;
    }

    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public DatabaseSettings build() {
      return new DatabaseSettings(
          url,
          file,
          user,
          password,
          poolSize,
          busyTimeout,
          queueSize,
          maxBatch,
          writeTimeout,
          closeTimeout);
    }
  }
}
