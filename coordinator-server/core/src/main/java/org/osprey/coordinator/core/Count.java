package org.osprey.coordinator.core;

/** What the dispatcher counts, since its start. */
public enum Count {
  /** Sync actions that were offered, whatever became of them. */
  SYNC_OFFERED,
  SYNC_ACCEPTED,
  ASYNC_ACCEPTED,
  SYNC_REFUSED_FULL,
  ASYNC_REFUSED_FULL,
  REFUSED_DRAINING,
  /** Actions that were not due yet when their turn came. */
  ASYNC_DELAYED,
  /** Replays of an action that was handled lately, answered without a worker. */
  ANSWERED_FROM_RECENT,
  /** Hand-overs. */
  LEASED,
  SYNC_ACKED,
  ASYNC_ACKED,
  SYNC_NACKED,
  ASYNC_NACKED,
  /** Hand-overs that nobody answered in time. */
  LEASES_EXPIRED,
  /** Hand-overs whose worker died before the answer. */
  LEASES_LOST,
  /** Hand-overs whose worker left in good order without answering. */
  LEASES_RETURNED,
  /** Acks of expired leases that came in time to spare another try. */
  LATE_ACKS_HONOURED,
  /** Answers for actions that had ended otherwise. */
  LATE_ANSWERS_IGNORED,
  /** Answers that name no hand-over of their stream. */
  UNKNOWN_ACK_IDS,
  /** Sync actions whose caller's deadline passed. */
  CALLERS_EXPIRED,
  /** Sync actions whose caller cancelled. */
  CALLERS_GONE,
  /** Sync actions that were refused or given up because the coordinator goes away. */
  SYNC_REJECTED_DRAINING,
  /** Sync actions that were given up because too many workers died with them. */
  SYNC_WORKERS_LOST,
  /** Actions that wait for another worker because one nacked them. */
  REDELIVERED_NACKED,
  /** Actions that wait for another worker because a lease expired. */
  REDELIVERED_EXPIRED,
  /** Actions that wait for another worker because one died. */
  REDELIVERED_LOST,
  /** Actions that wait for another worker because one left in good order. */
  REDELIVERED_RETURNED,
  DEAD_LETTERED_NACKED,
  DEAD_LETTERED_WORKERS_LOST,
  DEAD_LETTERED_RESULT_TOO_LARGE,
  /** Failures of a result sink or of dead letters, each tried again. */
  STORE_FAILURES,
  STREAMS_CONNECTED,
  /** Streams that were ended because nothing came for them. */
  STREAMS_ENDED_IDLE,
  STREAMS_CLOSED
}
