package org.osprey.coordinator.nats;

import io.nats.client.impl.NatsJetStreamMetaData;
import java.time.Instant;

/**
 * Which message it is, however often it is delivered. The time tells it from the message that gets
 * the same sequence when the stream is made anew.
 */
record MessageKey(long sequence, Instant storedAt) {
  static MessageKey of(NatsJetStreamMetaData metaData) {
    return new MessageKey(metaData.streamSequence(), metaData.timestamp().toInstant());
  }
}
