package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/**
 * Answers health checks. {@code /live} says that the process answers; a database that is away is no
 * reason to kill it. {@code /ready} says that the database can be reached.
 */
final class Health implements AutoCloseable {
  private static final int PROBE_SECONDS = 2;
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final DataSource database;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Health(DataSource database, int port) throws IOException {
    this.database = database;
    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(threads);
    server.createContext("/live", exchange -> answer(exchange, OK));
    server.createContext("/ready", exchange -> answer(exchange, reachable() ? OK : UNAVAILABLE));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private boolean reachable() {
    try (Connection connection = database.getConnection()) {
      return connection.isValid(PROBE_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
