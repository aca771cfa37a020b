package org.osprey.coordinator.nats;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of a message.
 *
 * @param deliveries how often the server delivered it by now
 * @param replyTo where the answer goes
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed through
record Received(
    MessageKey key,
    String stream,
    String subject,
    String replyTo,
    long deliveries,
    byte[] data,
    @Nullable Headers headers) {

  static Received of(Message message) {
    NatsJetStreamMetaData metaData = message.metaData();
    return new Received(
        MessageKey.of(metaData),
        metaData.getStream(),
        message.getSubject(),
        message.getReplyTo(),
        metaData.deliveredCount(),
        message.getData(),
        message.getHeaders());
  }

  @Nullable String header(String name) {
    return headers == null ? null : headers.getLast(name);
  }

  /** The last value of each. */
  Map<String, String> allHeaders() {
    Map<String, String> all = new LinkedHashMap<>();
    if (headers != null) {
      headers.forEach((name, values) -> all.put(name, values.getLast()));
    }
    return all;
  }

  Instant storedAt() {
    return key.storedAt();
  }

  long size() {
    return data.length;
  }
}
