package example;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** What the process is told by its environment. */
final class Surroundings {
  private static final int USUAL_PORT = 8080;

  private Surroundings() {}

  /**
   * The database in {@code DATABASE_URL}, as {@code jdbc:postgresql://host:port/name?user=…}.
   *
   * @param connections two for each worker, and two for each of its projections
   */
  static HikariDataSource database(int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(System.getenv("DATABASE_URL"));
    config.setMaximumPoolSize(connections);
    // Connections of a server that is gone without a word are noticed.
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("socketTimeout", "30");
    return new HikariDataSource(config);
  }

  /** The port of health checks, in {@code PORT}; 0 is any that is free. */
  static int port() {
    return Integer.parseInt(System.getenv().getOrDefault("PORT", String.valueOf(USUAL_PORT)));
  }
}
