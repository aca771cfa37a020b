package org.osprey.coordinator.http;

import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherPicture;
import org.osprey.coordinator.core.DispatcherStats;
import org.osprey.coordinator.core.DispatcherStats.LaneStats;
import org.osprey.coordinator.core.DurationStats;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Measured;

/** What the dispatcher counts, all of one moment: it is asked once. */
final class DispatcherMetrics implements Measured {
  private static final String LANE = "lane";
  private static final String CAUSE = "cause";
  private static final String REASON = "reason";
  private static final String RESULT = "result";
  private static final String SYNC_FAILED = "Sync actions that failed, by why.";
  private static final String REDELIVERIES =
      "Actions that have to go to another worker, by what became of the one before.";
  static final String DEAD_LETTERS = "Actions and messages that were given up, by why.";

  private final Dispatcher dispatcher;

  DispatcherMetrics(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public void tell(Figures figures) {
    DispatcherPicture picture = dispatcher.picture();
    DispatcherStats stats = picture.stats();
    for (Lane lane : Lane.values()) {
      String name = Views.lower(lane);
      tellLane(figures, name, lane == Lane.SYNC ? stats.sync() : stats.async());
      tellDurations(figures, name, picture.durations(lane));
    }
    tellNow(figures, stats);
    tellStreams(figures, stats);
    tellSync(figures, stats);
    tellAsync(figures, stats);
    tellHandOvers(figures, stats);
    tellRedeliveries(figures, stats);
    tellEnds(figures, stats);
  }

  private static void tellLane(Figures figures, String lane, LaneStats stats) {
    figures.gauge("queue_size", "Actions that wait for a worker.", stats.waiting(), LANE, lane);
    figures.gauge(
        "queue_bytes", "What unfinished actions take of the room.", stats.bytes(), LANE, lane);
    figures.gauge(
        "queue_oldest_seconds",
        "Since when the next action in line has been here; 0 when none waits.",
        Views.seconds(stats.oldest()),
        LANE,
        lane);
    figures.gauge(
        "unfinished_actions",
        "Accepted actions without an outcome, wherever they are.",
        stats.accepted(),
        LANE,
        lane);
  }

  private static void tellDurations(Figures figures, String lane, DurationStats durations) {
    figures.histogram(
        "time_in_queue_seconds",
        "From arrival, or from when it was due, to the first hand-over.",
        durations.queued(),
        LANE,
        lane);
    figures.histogram(
        "action_outstanding_seconds",
        "From arrival to the end.",
        durations.outstanding(),
        LANE,
        lane);
  }

  private static void tellNow(Figures figures, DispatcherStats stats) {
    figures.gauge("leases_out", "Actions that are out at a worker.", stats.leased());
    figures.gauge(
        "delayed_actions", "Actions that wait out a backoff, or are not due.", stats.delayed());
    figures.gauge(
        "held_actions", "Actions behind another one of their ordering key.", stats.held());
    figures.gauge(
        "settling_actions",
        "Actions whose result or dead letter is being stored.",
        stats.settling());
  }

  private static void tellStreams(Figures figures, DispatcherStats stats) {
    DispatcherStats.Credits credits = stats.credits();
    figures.gauge("connected_streams", "Worker streams.", stats.connected());
    figures.gauge(
        "waiting_streams", "Worker streams that could take an action now.", stats.waiting());
    figures.gauge(
        "busy_streams", "Worker streams with at least one action.", credits.busyStreams());
    figures.gauge("stream_credits", "How many actions may be out at all streams.", credits.total());
    figures.gauge(
        "stream_credits_in_use",
        "How many actions are out at all streams, overdue ones included.",
        credits.inUse());
    figures.counter(
        "new_connections",
        "Worker streams that introduced themselves.",
        stats.count(Count.STREAMS_CONNECTED));
    figures.counter(
        "streams_ended_idle",
        "Worker streams that were ended because nothing came for them.",
        stats.count(Count.STREAMS_ENDED_IDLE));
  }

  private static void tellSync(Figures figures, DispatcherStats stats) {
    figures.counter("sync_received", "Sync actions that came.", stats.count(Count.SYNC_OFFERED));
    tellSyncFailed(figures, stats, Count.SYNC_REFUSED_FULL, "queue_full");
    tellSyncFailed(figures, stats, Count.SYNC_REJECTED_DRAINING, "shutting_down");
    tellSyncFailed(figures, stats, Count.SYNC_WORKERS_LOST, "worker_lost");
    tellSyncFailed(figures, stats, Count.CALLERS_EXPIRED, "deadline");
    tellSyncFailed(figures, stats, Count.CALLERS_GONE, "cancelled");
    String results = "Answers of workers to sync actions.";
    figures.counter("sync_results", results, stats.count(Count.SYNC_ACKED), RESULT, "ack");
    figures.counter("sync_results", results, stats.count(Count.SYNC_NACKED), RESULT, "nack");
  }

  private static void tellSyncFailed(
      Figures figures, DispatcherStats stats, Count count, String cause) {
    figures.counter("sync_failed", SYNC_FAILED, stats.count(count), CAUSE, cause);
  }

  private static void tellAsync(Figures figures, DispatcherStats stats) {
    figures.counter(
        "async_added", "Async actions that were accepted.", stats.count(Count.ASYNC_ACCEPTED));
    figures.counter(
        "async_refused",
        "Offers of sources that found the queue full; each comes again.",
        stats.count(Count.ASYNC_REFUSED_FULL));
    figures.counter(
        "async_delayed",
        "Async actions that were not due when their turn came.",
        stats.count(Count.ASYNC_DELAYED));
    String results = "Answers of workers to async actions.";
    figures.counter("async_results", results, stats.count(Count.ASYNC_ACKED), RESULT, "ack");
    figures.counter("async_results", results, stats.count(Count.ASYNC_NACKED), RESULT, "nack");
  }

  private static void tellHandOvers(Figures figures, DispatcherStats stats) {
    figures.counter("actions_sent", "Hand-overs to workers.", stats.count(Count.LEASED));
    figures.counter(
        "acks_received",
        "Acks that counted.",
        stats.count(Count.SYNC_ACKED) + stats.count(Count.ASYNC_ACKED));
    figures.counter(
        "nacks_received",
        "Nacks that counted.",
        stats.count(Count.SYNC_NACKED) + stats.count(Count.ASYNC_NACKED));
    String late = "Answers after the lease's time, by what became of them.";
    figures.counter(
        "late_answers", late, stats.count(Count.LATE_ACKS_HONOURED), RESULT, "honoured");
    figures.counter(
        "late_answers", late, stats.count(Count.LATE_ANSWERS_IGNORED), RESULT, "ignored");
    figures.counter(
        "unknown_ack_ids",
        "Answers that name no hand-over of their stream.",
        stats.count(Count.UNKNOWN_ACK_IDS));
  }

  private static void tellRedeliveries(Figures figures, DispatcherStats stats) {
    tellRedelivered(figures, stats, Count.REDELIVERED_NACKED, "nacked");
    tellRedelivered(figures, stats, Count.REDELIVERED_EXPIRED, "lease_expired");
    tellRedelivered(figures, stats, Count.REDELIVERED_LOST, "worker_lost");
    tellRedelivered(figures, stats, Count.REDELIVERED_RETURNED, "returned");
  }

  private static void tellRedelivered(
      Figures figures, DispatcherStats stats, Count count, String reason) {
    figures.counter("redeliveries", REDELIVERIES, stats.count(count), REASON, reason);
  }

  private static void tellEnds(Figures figures, DispatcherStats stats) {
    tellGivenUp(figures, stats, Count.DEAD_LETTERED_NACKED, "nacked");
    tellGivenUp(figures, stats, Count.DEAD_LETTERED_WORKERS_LOST, "workers_lost");
    tellGivenUp(figures, stats, Count.DEAD_LETTERED_RESULT_TOO_LARGE, "result_too_large");
    figures.counter(
        "store_failures",
        "Results and dead letters that could not be stored; each is tried again.",
        stats.count(Count.STORE_FAILURES));
    figures.counter(
        "answered_from_recent",
        "Replays that got the answer of the first time.",
        stats.count(Count.ANSWERED_FROM_RECENT));
  }

  private static void tellGivenUp(
      Figures figures, DispatcherStats stats, Count count, String reason) {
    figures.counter("dead_letters", DEAD_LETTERS, stats.count(count), REASON, reason);
  }
}
