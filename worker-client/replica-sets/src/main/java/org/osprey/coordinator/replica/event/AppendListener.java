package org.osprey.coordinator.replica.event;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of new events, on a thread and a connection of its own. Without it, and while it has no
 * connection, new events are found later; it never gives up to connect again.
 */
public final class AppendListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AppendListener.class);

  /** How long a close may have to wait. */
  private static final Duration LISTEN = Duration.ofMillis(250);

  /** After so many silent ones it asks whether the server is still there. */
  private static final int SILENT = 40;

  private static final int ANSWER_SECONDS = 5;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final DataSource database;
  private final Runnable wake;
  private final Thread thread = new Thread(this::run, "append-listener");
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean listening;

  /** Belongs to the thread. */
  private boolean failing;

  /**
   * @param database whose connections are to the server itself: a pool between that gives one
   *     server connection to several clients loses notifications. One connection is kept
   * @param wake called when there may be new events; returns at once
   */
  public AppendListener(DataSource database, Runnable wake) {
    this.database = database;
    this.wake = wake;
    thread.setDaemon(true);
  }

  /** Called once. */
  public void start() {
    thread.start();
  }

  /** Whether it would hear of an event now, as far as it knows. */
  public boolean isListening() {
    return listening;
  }

  @SuppressWarnings("CatchGeneralException") // it outlives every failure
  private void run() {
    try {
      do {
        try {
          listen();
        } catch (SQLException | RuntimeException e) {
          failed(e);
        } finally {
          listening = false;
        }
      } while (!closing.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() throws SQLException {
    try (Connection connection = database.getConnection()) {
      AppendChannel.listen(connection);
      listening = true;
      failing = false;
      // What was told before has gone unheard.
      wake.run();
      hear(connection);
      AppendChannel.unlisten(connection);
    }
  }

  private void hear(Connection connection) throws SQLException {
    PGConnection server = connection.unwrap(PGConnection.class);
    int silent = 0;
    while (closing.getCount() > 0) {
      PGNotification[] heard = server.getNotifications(Math.toIntExact(LISTEN.toMillis()));
      if (heard != null && heard.length > 0) {
        silent = 0;
        wake.run();
      } else if (++silent == SILENT) {
        silent = 0;
        if (!connection.isValid(ANSWER_SECONDS)) {
          throw new SQLException("the server does not answer");
        }
      }
    }
  }

  /** One line when it begins, and not one for each try. */
  private void failed(Exception failure) {
    if (!failing) {
      failing = true;
      log.warn("cannot listen for new events, which are found later; will go on trying", failure);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
