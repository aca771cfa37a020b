package org.osprey.coordinator.replica.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;

/**
 * Threads that append events, each over a connection of its own, some of which are rolled back or
 * committed late. They go on when the database goes away; the events in it are what counts then.
 */
final class Writers implements AutoCloseable {
  private static final int MOST_EVENTS = 5;

  private final DataSource database;
  private final Plan plan;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean finishing;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong rollbacks = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final long began = System.nanoTime();

  /**
   * @param events at least
   * @param time over which they are spread
   * @param rollback share of the transactions that are rolled back
   * @param late share that is committed late
   */
  record Plan(
      int threads,
      int streams,
      long events,
      Duration time,
      double rollback,
      double late,
      Duration delay) {}

  Writers(DataSource database, Plan plan) {
    this.database = database;
    this.plan = plan;
    for (int i = 0; i < plan.threads(); i++) {
      Random random = new Random(i);
      Thread thread = new Thread(() -> run(random), "writer-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Committed, as far as it is known. */
  long written() {
    return written.get();
  }

  long rollbacks() {
    return rollbacks.get();
  }

  long late() {
    return late.get();
  }

  /** Ends when all events are written; goes on at its pace until then. */
  void finish() {
    finishing = true;
  }

  private boolean goesOn() {
    return !finishing || written.get() < plan.events();
  }

  boolean ended() {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  private void run(Random random) {
    try {
      while (goesOn() && !closing.await(0, TimeUnit.NANOSECONDS)) {
        try (Connection connection = database.getConnection()) {
          connection.setAutoCommit(false);
          while (goesOn() && !closing.await(pause(), TimeUnit.NANOSECONDS)) {
            append(connection, random);
          }
        } catch (SQLException e) {
          closing.await(100, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the next events are due. */
  private long pause() {
    double due = (double) plan.time().toNanos() * written.get() / plan.events();
    return Math.max(0, began + (long) due - System.nanoTime());
  }

  private void append(Connection connection, Random random)
      throws SQLException, InterruptedException {
    int count = 1 + random.nextInt(MOST_EVENTS);
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(NewEvent.of("counted", new byte[16]));
    }
    String stream = "stream-" + random.nextInt(plan.streams());
    PostgresEventStore.append(connection, stream, EventStore.ANY_VERSION, events);
    if (random.nextDouble() < plan.late()) {
      late.incrementAndGet();
      closing.await(plan.delay().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (random.nextDouble() < plan.rollback()) {
      connection.rollback();
      rollbacks.incrementAndGet();
    } else {
      connection.commit();
      written.addAndGet(count);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
