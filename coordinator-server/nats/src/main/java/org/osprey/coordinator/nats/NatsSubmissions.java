package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.ActionEncoder;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;

/**
 * Publishes actions to the stream that {@link NatsSource} reads.
 *
 * <p>There is no {@code Nats-Msg-Id}: who sends an action of one id twice may mean it.
 */
@ThreadSafe
public final class NatsSubmissions implements Submissions, Component {
  private static final String COMPONENT = "nats submissions";
  private static final String NOT_BEFORE = "not-before";
  private static final String ENCODING = "encoding";

  private final NatsConnection connection;
  private final NatsSubmissionSettings settings;
  private final Publisher publisher;
  private final NatsTroubles troubles;
  private final Outage outage = new Outage(COMPONENT);

  /**
   * @param connection closed by its owner
   */
  public NatsSubmissions(NatsConnection connection, NatsSubmissionSettings settings) {
    this.connection = connection;
    this.settings = settings;
    publisher = new Publisher(connection, settings.maxUnconfirmed(), settings.stream());
    troubles =
        new NatsTroubles(
            connection,
            "nats.stream=%s nats.submitSubject=%s"
                .formatted(settings.stream(), settings.subject()));
  }

  @Override
  public CompletionStage<Void> submit(Action action) {
    byte[] body = ActionEncoder.encodeWithTime(action);
    Headers headers = headers(action);
    long size = (long) headers.serializedLength() + body.length;
    long limit = publisher.maxPayload();
    if (size > limit) {
      return CompletableFuture.failedStage(tooLarge("max_payload=" + limit, null));
    }
    return publisher
        .publish(settings.subject(), headers, body)
        .handle(this::ended)
        .thenCompose(stage -> stage);
  }

  @Override
  public Check check() {
    if (connection.current() == null) {
      return Check.failed(COMPONENT, connection.check().detail());
    }
    String trouble = outage.trouble();
    return trouble == null
        ? Check.ok(COMPONENT, "subject=" + settings.subject())
        : Check.failed(COMPONENT, trouble);
  }

  @Override
  public void close() {}

  private static Headers headers(Action action) {
    Headers headers = new Headers();
    Instant notBefore = action.notBefore();
    if (notBefore != null) {
      headers.put(NOT_BEFORE, notBefore.toString());
    }
    if (action.encoding() == Action.Encoding.PROTO) {
      headers.put(ENCODING, "proto");
    }
    return headers;
  }

  private CompletionStage<Void> ended(@Nullable PublishAck ack, @Nullable Throwable failure) {
    if (failure == null) {
      outage.report(null);
      return CompletableFuture.completedStage(null);
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
    return CompletableFuture.failedStage(refusal(cause == null ? failure : cause));
  }

  private RefusedException refusal(Throwable failure) {
    if (failure instanceof RejectedExecutionException) {
      return new RefusedException(Reason.FULL, String.valueOf(failure.getMessage()), failure);
    }
    JetStreamApiException error = NatsTroubles.apiError(failure);
    if (error != null && error.getApiErrorCode() == NatsTroubles.MESSAGE_TOO_LARGE) {
      return tooLarge("max_msg_size", failure);
    }
    String explained = troubles.explain(failure);
    // A lost connection is said by the connection itself.
    if (connection.current() != null) {
      outage.report(explained);
    }
    return new RefusedException(
        isAnswer(failure) ? Reason.UNAVAILABLE : Reason.UNKNOWN, explained, failure);
  }

  /** Lost answers show otherwise: as a time-out or a cancelled request. */
  private static boolean isAnswer(@Nullable Throwable failure) {
    return switch (failure) {
      case null -> false;
      case JetStreamApiException e -> true;
      case IOException e -> true;
      default -> isAnswer(failure.getCause());
    };
  }

  private RefusedException tooLarge(String limit, @Nullable Throwable cause) {
    return new RefusedException(
        Reason.TOO_LARGE,
        "more than nats.stream=%s takes: %s".formatted(settings.stream(), limit),
        cause);
  }
}
