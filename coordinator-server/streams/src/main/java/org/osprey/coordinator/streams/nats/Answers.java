package org.osprey.coordinator.streams.nats;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.protobuf.MessageLite;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.nats.NatsConnection;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.streams.Replies;

/**
 * Sends replies, through whatever connection there is now. Messages without a reply subject get
 * none. Nothing here blocks or throws: a reply that cannot be sent is counted, and who waits for it
 * runs into its time-out.
 */
@ThreadSafe
final class Answers {
  /** Says why there is no list. */
  static final String ERROR_HEADER = "error";

  private final NatsConnection connection;
  private final TransportCounts counts;

  Answers(NatsConnection connection, TransportCounts counts) {
    this.connection = connection;
    this.counts = counts;
  }

  void send(@Nullable String replyTo, MessageLite reply) {
    if (replyTo == null) {
      return;
    }
    byte[] body = reply.toByteArray();
    Connection used = connection.current();
    if (used != null && body.length > used.getMaxPayload()) {
      fail(replyTo, "the reply has %d bytes, max_payload is less".formatted(body.length));
    } else {
      send(replyTo, null, body);
    }
  }

  void refuse(@Nullable String replyTo, Result result, String why) {
    send(replyTo, Replies.of(result, why));
  }

  /** A list has no place to say this in. */
  void refuseList(@Nullable String replyTo, Result result, String why) {
    if (replyTo != null) {
      fail(replyTo, why);
    }
  }

  private void fail(String replyTo, String why) {
    // Headers are plain ASCII.
    send(replyTo, new Headers().put(ERROR_HEADER, why.replaceAll("[^ -~]", "?")), new byte[0]);
  }

  private void send(String replyTo, @Nullable Headers headers, byte[] body) {
    Connection used = connection.current();
    try {
      if (used != null) {
        used.publish(replyTo, headers, body);
        return;
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      // The connection was lost at this moment, or it is no subject that can be answered.
    }
    counts.repliesLost.increment();
  }
}
