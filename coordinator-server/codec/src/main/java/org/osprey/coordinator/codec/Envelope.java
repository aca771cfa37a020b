package org.osprey.coordinator.codec;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON or msgpack message says about its action.
 *
 * @param id unsigned 64 bits, {@link #NO_ID} if the message leaves it to us
 * @param data a JSON object
 * @param secret a JSON object, or null for none
 * @param sentAt null if the message does not say
 * @param notBefore when the action may be handed over, or null for at once
 */
@SuppressWarnings("ArrayRecordComponent") // read once, on its way into an Action
record Envelope(
    long id,
    String name,
    byte[] data,
    byte @Nullable [] secret,
    @Nullable Instant sentAt,
    @Nullable Instant notBefore) {

  static final long NO_ID = 0;
}
