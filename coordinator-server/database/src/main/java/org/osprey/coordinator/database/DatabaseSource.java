package org.osprey.coordinator.database;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.HeldSubmissions.Held;
import org.osprey.coordinator.database.SubmissionFeed.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Actions that were submitted into the database. A row is claimed before it is offered, its claim
 * is renewed while it is held, and it is deleted when it is finished; so of several coordinators
 * that share a database one at a time has it, and another one when that falls silent. What an
 * earlier run of the embedded database had is offered again at the start.
 */
public final class DatabaseSource implements Source, Supervised {
  /** What the {@link Database} has to bring up to date for this. */
  public static final String FEATURE = "submissions";

  /** As operators know it. */
  public static final String NAME = "database";

  private static final Logger log = LoggerFactory.getLogger(DatabaseSource.class);
  private static final String COMPONENT = "database source";
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(10);
  private static final Duration REST_IN_TROUBLE = Duration.ofSeconds(1);
  private static final Duration ROOM_WAIT = Duration.ofMillis(100);

  private final Database database;
  private final SubmissionSettings settings;
  private final Ticker ticker;
  private final Signal signal = new Signal();
  private final SubmissionTable table;
  private final StoredCount count;
  private final InFlight inFlight;
  private final HeldSubmissions held;
  private final SubmissionFeed feed;
  private final SupervisedLoop loop;

  private volatile @Nullable Intake intake;
  private volatile boolean paused;

  /** Something was stored that nobody has looked for. */
  private volatile boolean stored;

  // These belong to the loop.
  private boolean prepared;
  private Flow flow = Flow.GO_ON;
  private long lookAt;
  private long renewAt;
  private long countAt;

  /**
   * @param database has the tables of {@link #FEATURE}; closed by its owner, after this source
   * @param deadLetters for rows that are no actions
   */
  public DatabaseSource(
      Database database, SubmissionSettings settings, DeadLetters deadLetters, Ticker ticker) {
    this.database = database;
    this.settings = settings;
    this.ticker = ticker;
    table = new SubmissionTable(database, UUID.randomUUID().toString(), settings.claim());
    count = new StoredCount(settings.maxStored());
    inFlight = new InFlight(settings.maxInFlight(), settings.maxInFlightBytes());
    held = new HeldSubmissions(inFlight, signal::wake);
    feed = new SubmissionFeed(table, held, inFlight, deadLetters, ticker);
    loop = new SupervisedLoop("database-source", ticker, STUCK_AFTER, this::step);
  }

  /** The way into the table. */
  public Submissions submissions() {
    return new DatabaseSubmissions(
        table,
        count,
        () -> {
          stored = true;
          signal.wake();
        });
  }

  @Override
  public void start(Intake intake) {
    this.intake = intake;
    lookAt = renewAt = countAt = ticker.nanos();
    loop.start();
  }

  @Override
  public void setPaused(boolean wanted) {
    paused = wanted;
    signal.wake();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public Check check() {
    Check below = database.check();
    if (!below.healthy()) {
      return Check.failed(COMPONENT, below.detail());
    }
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(COMPONENT, "stored=%d in_flight=%d".formatted(count.get(), inFlight.actions()))
        : Check.failed(COMPONENT, running.detail());
  }

  @Override
  public void close() {
    long end = System.nanoTime() + settings.closeTimeout().toNanos();
    signal.wake();
    if (!loop.close(settings.closeTimeout().dividedBy(2))) {
      log.warn("loop did not end in time: loop={}", loop.name());
      return;
    }
    await(finish(), end);
  }

  private void step() throws InterruptedException {
    Intake target = intake;
    if (target == null) {
      return;
    }
    try {
      prepare();
      keep();
      deleteFinished();
      flow = feed(target);
    } catch (DatabaseException e) {
      // The database itself says what is wrong.
      signal.await(REST_IN_TROUBLE);
      return;
    }
    rest(target);
  }

  /** Once, as soon as the database is there. */
  private void prepare() {
    if (prepared) {
      return;
    }
    if (!database.engine().isShared()) {
      Database.join(table.releaseAll());
    }
    prepared = true;
  }

  /** Keeps the claims, and the count near the truth. */
  private void keep() {
    long now = ticker.nanos();
    if (renewAt - now <= 0) {
      renewAt = now + settings.claim().toNanos() / 3;
      batches(held.ids()).forEach(table::renew);
    }
    if (countAt - now <= 0) {
      countAt = now + COUNT_EVERY.toNanos();
      count.counted(table.count());
    }
  }

  private void deleteFinished() {
    List<Held> finished = held.takeFinished(SubmissionTable.LARGEST_BATCH);
    if (finished.isEmpty()) {
      return;
    }
    CompletionStage<Boolean> unused =
        table
            .delete(finished.stream().map(Held::id).toList())
            .handle(
                (rows, failure) -> {
                  // On the writer's thread, so the loop is not held up.
                  if (failure == null) {
                    count.deleted(rows);
                    finished.forEach(held::forget);
                  } else {
                    held.keepFinished(finished);
                  }
                  return failure == null;
                });
  }

  private Flow feed(Intake target) {
    if (paused) {
      return Flow.NOTHING_DUE;
    }
    long now = ticker.nanos();
    boolean pointless =
        switch (flow) {
          case NOTHING_DUE -> !stored && lookAt - now > 0;
          case IN_FLIGHT_FULL -> !inFlight.hasMuchRoom();
          case GO_ON, INTAKE_FULL, DRAINING -> false;
        };
    if (pointless) {
      return flow;
    }
    stored = false;
    lookAt = now + LOOK_EVERY.toNanos();
    return feed.step(target);
  }

  private void rest(Intake target) throws InterruptedException {
    switch (flow) {
      case GO_ON -> {}
      case NOTHING_DUE, IN_FLIGHT_FULL, DRAINING -> signal.await(LOOK_EVERY);
      case INTAKE_FULL -> {
        if (target.awaitRoom(ROOM_WAIT)) {
          // There is room, but perhaps not enough for the one delivery that is next: do not spin.
          LockSupport.parkNanos(this, Duration.ofMillis(1).toNanos());
        }
      }
    }
  }

  /** When the loop has ended: deletes what is finished, and leaves the rest to others. */
  private CompletionStage<?> finish() {
    List<CompletableFuture<?>> writes = new ArrayList<>();
    Set<Long> unfinished = new LinkedHashSet<>(held.ids());
    for (List<Held> done = held.takeFinished(SubmissionTable.LARGEST_BATCH);
        !done.isEmpty();
        done = held.takeFinished(SubmissionTable.LARGEST_BATCH)) {
      List<Long> ids = done.stream().map(Held::id).toList();
      ids.forEach(unfinished::remove);
      writes.add(table.delete(ids).toCompletableFuture());
    }
    batches(List.copyOf(unfinished))
        .forEach(ids -> writes.add(table.release(ids).toCompletableFuture()));
    return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
  }

  private static List<List<Long>> batches(List<Long> ids) {
    List<List<Long>> batches = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += SubmissionTable.LARGEST_BATCH) {
      batches.add(ids.subList(from, Math.min(ids.size(), from + SubmissionTable.LARGEST_BATCH)));
    }
    return batches;
  }

  private static void await(CompletionStage<?> written, long end) {
    try {
      written.toCompletableFuture().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("rows come again, to this coordinator or another: cause=\"{}\"", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
