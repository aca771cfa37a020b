package org.osprey.coordinator.replica.projection;

import java.time.Duration;
import java.util.Set;
import org.osprey.coordinator.replica.member.Assignment;
import org.osprey.coordinator.replica.projection.Handling.HandlerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for parked streams that somebody has released, and has them handled. Belongs to the thread
 * of a projection's run.
 */
final class Releases {
  private static final Logger log = LoggerFactory.getLogger(Releases.class);
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long NEVER = Long.MIN_VALUE;

  private final String projection;
  private final Assignment assignment;
  private final ProjectionRun.Settings settings;
  private final Checkpoints checkpoints;
  private final Parked parked;
  private final Transactions transactions;
  private final Handling handling;
  private final ProjectionStats stats;
  private long looked = NEVER;

  Releases(
      String projection,
      Assignment assignment,
      ProjectionRun.Settings settings,
      Transactions transactions,
      Handling handling,
      ProjectionStats stats) {
    this.projection = projection;
    this.assignment = assignment;
    this.settings = settings;
    this.transactions = transactions;
    this.handling = handling;
    this.stats = stats;
    checkpoints = new Checkpoints(settings.replicaSet(), projection);
    parked = new Parked(settings.replicaSet(), projection);
  }

  /**
   * @param position where the projection is, which does not move
   * @return whether there was something to replay
   */
  boolean replay(long position) throws Exception {
    if (!handling.hasParked()) {
      return false;
    }
    long now = settings.nanos().getAsLong();
    if (looked != NEVER && now - looked < LOOK_NANOS) {
      return false;
    }
    looked = now;
    Set<String> streams =
        transactions.run(connection -> parked.released(connection, assignment.slots()));
    for (String stream : streams) {
      replay(stream, position);
    }
    return !streams.isEmpty();
  }

  private void replay(String stream, long position) throws Exception {
    try {
      transactions.run(
          connection -> {
            handling.replay(connection, settings.events(), stream);
            checkpoints.move(connection, assignment, position);
            return stream;
          });
      handling.replayed(stream);
    } catch (HandlerException e) {
      stats.handlerFailures.increment();
      transactions.run(connection -> parked.hold(connection, stream, e.failure().toString()));
      log.warn("event is parked again: projection={}", projection, e);
    }
  }
}
