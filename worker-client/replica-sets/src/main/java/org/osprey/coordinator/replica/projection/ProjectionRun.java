package org.osprey.coordinator.replica.projection;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.EventReader;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.member.Assignment;
import org.osprey.coordinator.replica.projection.Checkpoints.FencedException;
import org.osprey.coordinator.replica.projection.Handling.HandlerException;
import org.osprey.coordinator.replica.projection.Handling.QueueFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One projection in one generation, on a thread of its own: reads the events of its slots, has them
 * handled, and moves the checkpoint in the same transaction, batch by batch.
 */
final class ProjectionRun {
  private static final Logger log = LoggerFactory.getLogger(ProjectionRun.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  /** How often it looks at the horizon while it is not there. */
  private static final long LOOK_AHEAD = Duration.ofSeconds(1).toNanos();

  private static final long NOTHING = Long.MIN_VALUE;

  private final Projection projection;
  private final Assignment assignment;
  private final Settings settings;
  private final Runnable refused;
  private final Checkpoints checkpoints;
  private final Parked parked;
  private final Handling handling;
  private final Releases releases;
  private final Transactions transactions;
  private final Thread thread;

  private final ProjectionStats stats;
  private final Waiting waiting = new Waiting();

  /** When what it does now began; {@link #NOTHING} while it waits for events. */
  private volatile long since = NOTHING;

  /** Belong to the thread. */
  private long position;

  private long horizon;
  private long lookedAhead = NOTHING;
  private long dead;
  private long failedPosition;
  private int attempts;

  /**
   * @param start of a projection that is new
   * @param idleTransaction a worker that stops in the middle of a batch holds locks for so long
   * @param maxParked events of a projection that may be put aside
   */
  record Settings(
      DataSource database,
      EventStore events,
      String replicaSet,
      int batchSize,
      Start start,
      Duration idleTransaction,
      long maxParked,
      LongSupplier nanos) {}

  /**
   * @param refused told when another generation has begun
   */
  ProjectionRun(
      Projection projection,
      Assignment assignment,
      Settings settings,
      ProjectionStats stats,
      Runnable refused) {
    this.refused = refused;
    this.projection = projection;
    this.assignment = assignment;
    this.settings = settings;
    checkpoints = new Checkpoints(settings.replicaSet(), projection.name());
    parked = new Parked(settings.replicaSet(), projection.name());
    this.stats = stats;
    handling = new Handling(projection, assignment, parked, stats);
    transactions = new Transactions(settings.database(), settings.idleTransaction());
    releases = new Releases(projection.name(), assignment, settings, transactions, handling, stats);
    String name = "projection-%s-%s".formatted(settings.replicaSet(), projection.name());
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** There may be new events. */
  void wake() {
    waiting.wake();
  }

  /** Asks it to end after the batch that is running. */
  void stop() {
    waiting.stop();
  }

  boolean ended() {
    return !thread.isAlive();
  }

  /** How long the batch that is running takes already. */
  long stuckNanos(long nowNanos) {
    long began = since;
    return began == NOTHING ? 0 : Math.max(0, nowNanos - began);
  }

  private void run() {
    try {
      tryAgainAndAgain();
    } catch (FencedException e) {
      log.info("projection ends: projection={} reason=\"{}\"", projection.name(), e.getMessage());
      refused.run();
    } catch (StoppedException e) {
      // It has said why.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stats.ended();
    }
  }

  /** Errors too: the worker looks alive, so nobody else would do it instead. */
  @SuppressWarnings("CatchGeneralException")
  private void tryAgainAndAgain() throws FencedException, StoppedException, InterruptedException {
    Duration backoff = FIRST_PAUSE;
    while (!waiting.isStopping()) {
      long before = position;
      try {
        follow();
      } catch (FencedException | StoppedException | InterruptedException e) {
        throw e;
      } catch (Throwable e) {
        backoff = position > before ? FIRST_PAUSE : backoff;
        log.warn(
            "projection will be tried again: projection={} position={} pause={}",
            projection.name(),
            position,
            backoff,
            e);
        waiting.awaitStop(backoff, settings.nanos());
        backoff = longer(backoff, LONGEST_BACKOFF);
      }
    }
  }

  /** Returns when it is asked to stop. */
  private void follow() throws Exception {
    since = settings.nanos().getAsLong();
    try {
      long startFrom = settings.start().position(settings.events());
      long[] positions =
          transactions.run(
              connection -> {
                long[] from = checkpoints.load(connection, assignment, startFrom);
                handling.begin(connection, from);
                return from;
              });
      position = assignment.slots().stream().mapToLong(slot -> positions[slot]).min().orElse(0);
      horizon = position;
      read();
    } finally {
      since = NOTHING;
      transactions.giveBack();
    }
  }

  private void read() throws Exception {
    try (EventReader reader = settings.events().reader(position)) {
      dead = 0;
      Duration pause = FIRST_PAUSE;
      while (!waiting.isStopping()) {
        since = settings.nanos().getAsLong();
        boolean gotOn = batch(reader);
        if (releases.replay(position) || gotOn) {
          pause = FIRST_PAUSE;
          continue;
        }
        since = NOTHING;
        transactions.giveBack();
        waiting.awaitWake(pause);
        // Nobody tells of a rollback.
        pause = reader.gap() == null ? longer(pause, LONGEST_PAUSE) : FIRST_PAUSE;
      }
    }
  }

  /**
   * @return whether it got on
   */
  private boolean batch(EventReader reader) throws Exception {
    long now = settings.nanos().getAsLong();
    if (horizon <= position || lookedAhead == NOTHING || now - lookedAhead >= LOOK_AHEAD) {
      look(reader, now);
    }
    if (horizon <= position) {
      return false;
    }
    List<PersistedEvent> events = reader.read(position, settings.batchSize(), assignment.slots());
    long reached = events.size() < settings.batchSize() ? horizon : events.getLast().position();
    try {
      Set<String> newlyParked =
          transactions.run(
              connection -> {
                Set<String> streams = handling.handle(connection, events);
                checkpoints.move(connection, assignment, reached);
                return streams;
              });
      handling.committed(reached, newlyParked);
      position = reached;
      stats.reached(position);
    } catch (HandlerException e) {
      decide(e);
    } catch (QueueFailedException e) {
      log.info(
          "a queued statement failed, events will be handled one by one: projection={} reason=\"{}\"",
          projection.name(),
          e.getMessage());
    }
    return true;
  }

  private void look(EventReader reader, long now) {
    horizon = reader.horizon();
    lookedAhead = now;
    stats.looked(reader, position, settings.nanos().getAsLong());
    stats.deadPositions.add(reader.deadPositions() - dead);
    dead = reader.deadPositions();
  }

  /** Returns when the batch is to be tried again at once, with the event put aside. */
  private void decide(HandlerException failed) throws Exception {
    long at = failed.event().position();
    stats.handlerFailures.increment();
    attempts = at == failedPosition ? attempts + 1 : 1;
    failedPosition = at;
    switch (projection.onFailure(failed.event(), failed.failure(), attempts)) {
      case RETRY -> throw failed;
      case PARK -> {
        if (transactions.run(parked::count) >= settings.maxParked()) {
          throw failed;
        }
        log.warn(
            "event is parked: projection={} position={} stream={}",
            projection.name(),
            at,
            failed.event().streamId(),
            failed.failure());
        handling.park(failed);
      }
      case STOP -> {
        log.error("projection stops: projection={} position={}", projection.name(), at, failed);
        throw new StoppedException();
      }
    }
  }

  /** The projection said so. */
  private static final class StoppedException extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static Duration longer(Duration pause, Duration longest) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(longest) > 0 ? longest : twice;
  }
}
