package org.osprey.coordinator.database;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of this coordinator. A database that cannot be opened, or is lost later, is tried
 * again in the background; {@link #check} says what is wrong.
 */
@ThreadSafe
public final class Database implements Component, Supervised, Measured {
  private static final Duration FIRST_REST = Duration.ofMillis(50);
  private static final Duration LONGEST_REST = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final String COMPONENT = "database";
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);

  /** How long a reader waits for it to be open for the first time. */
  private static final Duration OPENING = Duration.ofSeconds(10);

  /** For the step that is running when the time to close is over. */
  private static final Duration LAST_STEP = Duration.ofMillis(500);

  private final DatabaseSettings settings;
  private final Ticker ticker;
  private final String place;

  @SuppressWarnings("ThreadSafe") // its questions touch nothing that changes
  private final Engine engine;

  @SuppressWarnings("ThreadSafe") // all but its readers belongs to the loop
  private final Session session;

  private final WriteQueue queue;

  @SuppressWarnings("ThreadSafe") // its steps belong to the loop
  private final Writer writer;

  private final Troubles troubles;
  private final SupervisedLoop loop;
  private volatile boolean started;

  /**
   * @param features whose tables are wanted: folders below {@code db/migration} on the class path
   * @param random for the jitter between tries
   */
  public Database(
      DatabaseSettings settings, List<String> features, Ticker ticker, RandomGenerator random) {
    this.settings = settings;
    this.ticker = ticker;
    engine = Engine.of(settings);
    place = engine.place();
    session = new Session(engine, new Migrations(features), settings);
    queue = new WriteQueue(place, settings.queueSize());
    troubles = new Troubles(engine);
    writer =
        new Writer(
            settings,
            session,
            queue,
            new GroupCommit(engine),
            troubles,
            new Backoff(FIRST_REST, LONGEST_REST, random::nextDouble),
            ticker);
    loop = new SupervisedLoop("database-writer", ticker, STUCK_AFTER, writer::step);
  }

  /** Has the database opened in the background. Who reads meanwhile waits for the first try. */
  @Override
  public void start() {
    started = true;
    loop.start();
  }

  /**
   * Writes; never blocks. Work is committed in the order in which it was put in, together with what
   * waits beside it.
   *
   * @return completes on the writer's thread, which must not be held up, with what the work
   *     returned, only after the commit; fails with what the work threw, or with {@link
   *     DatabaseException} at the latest about {@code writeTimeout} later. What the work holds in
   *     memory until then is the caller's to bound
   */
  public <T extends @Nullable Object> CompletionStage<T> write(Work<T> work) {
    PendingWrite<T> write =
        new PendingWrite<>(work, ticker.nanos() + settings.writeTimeout().toNanos());
    queue.put(write);
    return write.stage();
  }

  /**
   * Blocks until a write has ended; not for threads that complete writes.
   *
   * @throws RuntimeException what the work threw, or {@link DatabaseException}
   */
  public static <T extends @Nullable Object> T join(CompletionStage<T> written) {
    try {
      return written.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * Reads, on the caller's thread.
   *
   * @throws DatabaseException when the database cannot be reached
   */
  public <T extends @Nullable Object> T read(Query<T> query) {
    Readers readers = readers();
    if (readers == null || queue.isClosed()) {
      Reason reason = queue.isClosed() ? Reason.CLOSED : Reason.UNAVAILABLE;
      throw new DatabaseException(reason, troubles.now("not open"), troubles.cause());
    }
    try {
      return readers.jdbi().withHandle(query::run);
    } catch (RuntimeException e) {
      throw troubles.isPassing(e)
          ? new DatabaseException(Reason.UNAVAILABLE, troubles.explain(e), e)
          : e;
    }
  }

  /**
   * Puts in what differs between databases: {@code {now}}, its clock in milliseconds since 1970,
   * {@code {unlocked}} at the end of a query for rows to change, which leaves out those that others
   * are changing, and {@code {kept}} at the end of a query whose rows nobody else may change before
   * the commit.
   */
  public String sql(String text) {
    return text.replace("{now}", engine.now())
        .replace("{unlocked}", engine.passingOverLocked())
        .replace("{kept}", engine.keepingFound());
  }

  /** Whether other coordinators may use it at the same time. */
  public boolean isShared() {
    return engine.isShared();
  }

  /**
   * For a library that makes its own tables: each connection is opened when it is asked for.
   *
   * @throws IllegalStateException for a database that is not shared, where one thread alone writes
   */
  public DataSource plainConnections() {
    requireShared();
    return engine.writing();
  }

  /**
   * For a library with SQL of its own. The caller closes it, before this.
   *
   * @param name in the names of threads and in the log
   * @param size connections at most
   * @throws IllegalStateException for a database that is not shared, where one thread alone writes
   */
  public PostgresPool pool(String name, int size) {
    requireShared();
    return new PostgresPool(name, place, engine.writing(), size, settings.busyTimeout());
  }

  private void requireShared() {
    if (!isShared()) {
      throw new IllegalStateException("want a database that is shared, got " + place);
    }
  }

  /** What differs between databases. */
  Engine engine() {
    return engine;
  }

  /** Returns at the latest after a while, or when interrupted. */
  void awaitFirstTry() {
    try {
      writer.awaitFirstTry(OPENING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Readers readers() {
    if (started && session.readers() == null && !queue.isClosed()) {
      awaitFirstTry();
    }
    return session.readers();
  }

  public DatabaseStats stats() {
    return writer.stats();
  }

  @Override
  public Check check() {
    String trouble = troubles.now();
    if (trouble != null) {
      return Check.failed(COMPONENT, trouble);
    }
    if (session.readers() == null) {
      return Check.failed(COMPONENT, place + ": not open yet");
    }
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(COMPONENT, place + " queued=" + queue.size())
        : Check.failed(COMPONENT, running.detail());
  }

  @Override
  public void tell(Figures figures) {
    DatabaseStats stats = stats();
    figures.gauge("database_queued", "Pieces of work that wait to be written.", stats.queued());
    figures.counter("database_written", "Pieces of work that are committed.", stats.written());
    figures.counter("database_commits", "Transactions that wrote them.", stats.commits());
    figures.counter("database_failed", "Pieces of work that failed.", stats.failed());
    figures.counter("database_retries", "Transactions that were tried again.", stats.retries());
    figures.counter("database_refused", "Pieces of work with no place to wait.", stats.refused());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** Writes what waits for as long as it may, and fails the rest. */
  @Override
  public void close() {
    long end = System.nanoTime() + settings.closeTimeout().toNanos();
    queue.close();
    if (started && !ended(end)) {
      writer.abandonQueue();
      log.warn("loop did not end in time: loop={} database=\"{}\"", loop.name(), place);
      return;
    }
    // The loop has ended, so what it owned is ours.
    writer.abandon();
    session.close();
  }

  private boolean ended(long end) {
    try {
      writer.drain(Duration.ofNanos(end - System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Duration left = Duration.ofNanos(end - System.nanoTime());
    return loop.close(left.compareTo(LAST_STEP) > 0 ? left : LAST_STEP);
  }
}
