package org.osprey.coordinator.replica.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.jdbc.Sql;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells readers that there are new events: soon after an append, and however many there are, at
 * most once in {@link #PAUSE}. PostgreSQL commits notifications one after the other in all of a
 * server, so they are sent by a thread of its own over a connection of its own, and no append waits
 * for that. What cannot be sent is dropped, as readers look by themselves, too.
 *
 * <p>Thread and connection are there while there is something to tell, and a little longer.
 */
final class AppendNotifier {
  static final Duration PAUSE = Duration.ofMillis(50);

  private static final Logger log = LoggerFactory.getLogger(AppendNotifier.class);
  private static final Duration IDLE = Duration.ofMillis(500);

  private final DataSource database;

  /** There is something to tell. */
  private volatile boolean pending;

  /** Has permits when there may be. */
  private final Semaphore told = new Semaphore(0);

  @GuardedBy("this")
  private boolean running;

  /** Belong to the thread that runs. */
  private @Nullable Connection connection;

  private boolean failing;

  AppendNotifier(DataSource database) {
    this.database = database;
  }

  /** Something was committed. Does not wait for anything. */
  void appended() {
    if (!pending) {
      begin();
    }
  }

  private synchronized void begin() {
    pending = true;
    told.release();
    if (!running) {
      running = true;
      Thread.ofPlatform().daemon().name("append-notifier").start(this::run);
    }
  }

  private void run() {
    try {
      while (told.tryAcquire(IDLE.toNanos(), TimeUnit.NANOSECONDS)) {
        told.drainPermits();
        send();
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      giveBack();
      ended();
    }
  }

  /** An append may have come since it was waited for. */
  private synchronized void ended() {
    running = false;
    if (pending) {
      begin();
    }
  }

  @SuppressWarnings("CatchGeneralException") // also what a pool throws must not end it
  private void send() {
    // First, so that an append that comes meanwhile is told of again.
    pending = false;
    try {
      Connection used = connection == null ? database.getConnection() : connection;
      connection = used;
      AppendChannel.send(used);
      failing = false;
    } catch (SQLException | RuntimeException e) {
      giveBack();
      if (!failing) {
        failing = true;
        log.warn("readers are not told of new events, and find them later", e);
      }
    }
  }

  private void giveBack() {
    Connection used = connection;
    connection = null;
    Sql.close(used);
  }
}
