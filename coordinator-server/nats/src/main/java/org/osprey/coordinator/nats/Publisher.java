package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Publishes to JetStream, with a bound on what is not confirmed yet. Never blocks. */
@ThreadSafe
final class Publisher {
  private final NatsConnection connection;
  private final int maxUnconfirmed;
  private final Semaphore room;
  private final PublishOptions options;
  private volatile @Nullable Bound bound;

  private record Bound(Connection connection, JetStream jetStream) {}

  /**
   * @param stream the only one that may take it, or null for whichever does
   */
  Publisher(NatsConnection connection, int maxUnconfirmed, @Nullable String stream) {
    this.connection = connection;
    this.maxUnconfirmed = maxUnconfirmed;
    room = new Semaphore(maxUnconfirmed);
    options = PublishOptions.builder().expectedStream(stream).build();
  }

  /** Completes when a stream has stored it, and fails within seconds otherwise. */
  CompletionStage<PublishAck> publish(String subject, Headers headers, byte[] body) {
    if (!room.tryAcquire()) {
      return CompletableFuture.failedStage(
          new RejectedExecutionException(maxUnconfirmed + " publishes are unconfirmed"));
    }
    CompletableFuture<PublishAck> confirmed;
    try {
      confirmed = jetStream().publishAsync(subject, headers, body, options);
    } catch (IOException | RuntimeException e) {
      confirmed = CompletableFuture.failedFuture(e);
    }
    return confirmed.whenComplete((ack, failure) -> room.release());
  }

  /**
   * The largest message the server takes, headers included.
   *
   * @return {@link Long#MAX_VALUE} when that is not known now
   */
  long maxPayload() {
    Connection current = connection.current();
    return current == null ? Long.MAX_VALUE : current.getMaxPayload();
  }

  private JetStream jetStream() throws IOException {
    Connection current = connection.current();
    if (current == null) {
      throw new IOException("not connected to " + connection.servers());
    }
    Bound known = bound;
    if (known == null || !known.connection.equals(current)) {
      known = new Bound(current, current.jetStream());
      bound = known;
    }
    return known.jetStream;
  }
}
