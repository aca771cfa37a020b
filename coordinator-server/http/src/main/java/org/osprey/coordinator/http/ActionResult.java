package org.osprey.coordinator.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.javalin.http.HttpStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.proto.common.v1.Verdicts;

/**
 * What became of one action that was sent.
 *
 * @param action null when what was sent is none
 * @param verdicts null when there are none to tell
 * @param decidedAt the time that the worker's verdicts bear
 * @param detail what is wrong, for people; null when nothing is
 */
record ActionResult(
    HttpStatus status,
    @Nullable Action action,
    @Nullable List<String> verdicts,
    @Nullable Instant decidedAt,
    @Nullable String detail) {

  /** When trying again makes sense, in seconds: the finest that the header can say. */
  private static final int RETRY_AFTER = 1;

  static ActionResult accepted(Action action) {
    return new ActionResult(HttpStatus.ACCEPTED, action, null, null, null);
  }

  static ActionResult failed(HttpStatus status, @Nullable Action action, String detail) {
    return new ActionResult(status, action, null, null, detail);
  }

  static ActionResult of(Action action, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Acked acked -> acked(action, acked.verdicts());
      case Outcome.Nacked nacked -> failed(HttpStatus.CONFLICT, action, "a worker nacked it");
      case Outcome.Expired expired ->
          failed(HttpStatus.GATEWAY_TIMEOUT, action, "no worker answered in time");
      case Outcome.Rejected rejected -> draining(action);
      case Outcome.DeadLettered letter ->
          failed(HttpStatus.CONFLICT, action, "given up, too many workers died with it");
    };
  }

  static ActionResult of(Action action, RefusedException refused) {
    HttpStatus status =
        switch (refused.reason()) {
          case FULL -> HttpStatus.TOO_MANY_REQUESTS;
          case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
          case UNAVAILABLE, UNKNOWN -> HttpStatus.SERVICE_UNAVAILABLE;
        };
    return failed(status, action, String.valueOf(refused.getMessage()));
  }

  static ActionResult full(Action action) {
    return failed(HttpStatus.TOO_MANY_REQUESTS, action, "the queue is full");
  }

  static ActionResult draining(Action action) {
    return failed(HttpStatus.SERVICE_UNAVAILABLE, action, "the coordinator is shutting down");
  }

  boolean isGood() {
    return detail == null;
  }

  /** The same as an error of a whole request. */
  ProblemException toProblem() {
    boolean passing =
        status == HttpStatus.TOO_MANY_REQUESTS || status == HttpStatus.SERVICE_UNAVAILABLE;
    return new ProblemException(status, String.valueOf(detail), passing ? RETRY_AFTER : 0);
  }

  private static ActionResult acked(Action action, byte @Nullable [] encoded) {
    try {
      Verdicts verdicts =
          encoded == null ? Verdicts.getDefaultInstance() : Verdicts.parseFrom(encoded);
      Instant decidedAt = verdicts.hasTimestamp() ? instant(verdicts.getTimestamp()) : null;
      return new ActionResult(
          HttpStatus.OK, action, List.copyOf(verdicts.getVerdictsList()), decidedAt, null);
    } catch (InvalidProtocolBufferException e) {
      return failed(HttpStatus.BAD_GATEWAY, action, "the worker's verdicts cannot be read");
    }
  }

  /** Null for what no protobuf Timestamp may say; a worker said it, not the caller. */
  private static @Nullable Instant instant(Timestamp timestamp) {
    boolean valid =
        Math.abs(timestamp.getSeconds()) < 1L << 38
            && timestamp.getNanos() >= 0
            && timestamp.getNanos() < 1_000_000_000;
    return valid ? Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos()) : null;
  }
}
