package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.JetStreamApiException;
import io.nats.client.impl.Headers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.ResultSink;

/**
 * Publishes what workers computed to a JetStream subject.
 *
 * <p>There is no {@code Nats-Msg-Id}: it would be the action's id, and the server would swallow the
 * second result of an action that is rightly handled again within its window, such as one that a
 * caller sent twice or a dead letter that was sent back. Readers that want each action once have
 * the id in the headers.
 */
@ThreadSafe
public final class NatsResultSink implements ResultSink, Component {
  private static final String COMPONENT = "nats results";
  private static final String CONTENT = "content";
  private static final String ACTION_NAME = "action-name";

  private final NatsResultSettings settings;
  private final Publisher publisher;
  private final NatsTroubles troubles;
  private final NatsConnection connection;
  private final Outage outage = new Outage(COMPONENT);

  /**
   * @param connection closed by its owner
   */
  public NatsResultSink(NatsConnection connection, NatsResultSettings settings) {
    this.connection = connection;
    this.settings = settings;
    publisher = new Publisher(connection, settings.maxUnconfirmed(), null);
    troubles = new NatsTroubles(connection, "nats.resultsSubject=" + settings.subject());
  }

  @Override
  public boolean wants(Outcome.Acked acked) {
    return acked.content(settings.includeVerdicts()) != null;
  }

  @Override
  public CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked) {
    byte[] body = acked.content(settings.includeVerdicts());
    if (body == null) {
      return CompletableFuture.completedStage(null);
    }
    Headers headers = new Headers();
    headers.put(ActionReader.ID_HEADER, delivery.action().idText());
    headers.put(ACTION_NAME, HeaderText.encode(delivery.action().name()));
    headers.put(CONTENT, acked.executionResult() != null ? "execution_result" : "verdicts");
    delivery.traceHeaders().forEach(headers::put);

    long size = (long) headers.serializedLength() + body.length;
    long limit = publisher.maxPayload();
    if (size > limit) {
      return CompletableFuture.failedStage(tooLarge(size, "max_payload=" + limit, null));
    }
    return publisher
        .publish(settings.subject(), headers, body)
        .handle((ack, failure) -> ended(size, failure))
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

  private CompletionStage<Void> ended(long size, @Nullable Throwable failure) {
    if (failure == null) {
      outage.report(null);
      return CompletableFuture.completedStage(null);
    }
    JetStreamApiException error = NatsTroubles.apiError(failure);
    if (error != null && error.getApiErrorCode() == NatsTroubles.MESSAGE_TOO_LARGE) {
      return CompletableFuture.failedStage(tooLarge(size, "the stream's max_msg_size", failure));
    }
    // A lost connection is said by the connection itself.
    if (connection.current() != null) {
      outage.report(troubles.explain(failure));
    }
    return CompletableFuture.failedStage(failure);
  }

  private ResultTooLargeException tooLarge(long size, String limit, @Nullable Throwable cause) {
    return new ResultTooLargeException(
        "result has %d bytes with headers, nats.resultsSubject=%s takes %s"
            .formatted(size, settings.subject(), limit),
        cause);
  }
}
