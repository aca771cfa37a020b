package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.http.Json;
import org.osprey.coordinator.proto.common.v1.Verdicts;
import org.osprey.coordinator.tasks.Attempt.Failed.Kind;

/**
 * Hands calls to the workers of this coordinator. Each attempt is one action whose caller waits, so
 * the core neither repeats it nor keeps it as a dead letter: the row of the request does both. Its
 * payload is the request's, {@code {"items": [...]}}, and its id is the same for all automatic
 * attempts.
 */
@ThreadSafe
public final class WorkerPool implements Source {
  /** The source's name, for operators. */
  public static final String NAME = "tasks";

  private final Ticker ticker;

  @SuppressWarnings("ThreadSafe") // it has no state
  private final InstantSource clock;

  @SuppressWarnings("ThreadSafe") // it is
  private volatile @Nullable Intake intake;

  private volatile boolean paused;

  WorkerPool(Ticker ticker, InstantSource clock) {
    this.ticker = ticker;
    this.clock = clock;
  }

  @Override
  public void start(Intake intake) {
    this.intake = intake;
  }

  @Override
  public void setPaused(boolean wanted) {
    paused = wanted;
  }

  @Override
  public Check check() {
    return Check.ok(NAME, paused ? "paused" : "handing calls to workers");
  }

  /** What workers have is answered by them, or rejected by the core. */
  @Override
  public void close() {
    intake = null;
  }

  /**
   * @param action the name of the actions
   * @param timeout of each, from the queue to the answer
   */
  CallTarget target(String action, Duration timeout) {
    return request -> call(request, action, timeout);
  }

  private CompletableFuture<Attempt> call(ClaimedRequest request, String name, Duration timeout) {
    Intake open = intake;
    if (open == null || paused) {
      return CompletableFuture.completedFuture(
          new Attempt.Postponed("no actions are handed out now"));
    }
    CompletableFuture<Attempt> attempt = new CompletableFuture<>();
    Delivery delivery =
        Delivery.sync(
            action(request, name),
            NAME,
            ticker.nanos() + timeout.toNanos(),
            outcome -> attempt.complete(attempt(outcome, timeout)));
    switch (open.offer(delivery)) {
      case ACCEPTED -> {}
      case FULL -> attempt.complete(new Attempt.Postponed("the queue is full"));
      case DRAINING -> attempt.complete(new Attempt.Postponed("the coordinator is shutting down"));
    }
    return attempt;
  }

  private Action action(ClaimedRequest request, String name) {
    byte[] payload = Payloads.stored(request.items()).getBytes(UTF_8);
    return new Action(id(request), name, Action.Encoding.JSON, payload, null, clock.instant());
  }

  /** Positive, because not every worker's language has unsigned numbers. */
  private static long id(ClaimedRequest request) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((request.taskId() + "/" + request.idempotencyKey()).getBytes(UTF_8));
      return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Attempt attempt(Outcome outcome, Duration timeout) {
    return switch (outcome) {
      case Outcome.Acked acked -> acked(acked);
      case Outcome.Nacked nacked -> new Attempt.Failed(Kind.BUSY, "a worker nacked it", null);
      case Outcome.Expired expired ->
          new Attempt.Failed(
              Kind.BROKEN, "no worker answered within %d ms".formatted(timeout.toMillis()), null);
      case Outcome.Rejected rejected -> new Attempt.Postponed("the coordinator is shutting down");
      case Outcome.DeadLettered letter ->
          new Attempt.Failed(Kind.BROKEN, "too many workers died with it", null);
    };
  }

  /** What is stored as the response; the status is that of the services' contract. */
  private record Answer(String status, List<String> verdicts) {}

  private static Attempt acked(Outcome.Acked acked) {
    try {
      List<String> verdicts =
          acked.verdicts() == null
              ? List.of()
              : List.copyOf(Verdicts.parseFrom(acked.verdicts()).getVerdictsList());
      return new Attempt.Succeeded(Json.MAPPER.writeValueAsString(new Answer("success", verdicts)));
    } catch (InvalidProtocolBufferException e) {
      return new Attempt.Refused("the worker's verdicts cannot be read");
    }
  }
}
