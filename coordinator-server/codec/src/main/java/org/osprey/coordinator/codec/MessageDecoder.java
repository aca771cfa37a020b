package org.osprey.coordinator.codec;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;

/** Reads an action from one broker message. */
public interface MessageDecoder {

  /**
   * @param data the message
   * @param encoding the value of the message's {@code encoding} header or attribute, if it has one
   * @param publishedAt the action's timestamp, unless the message says another
   */
  Action decode(byte[] data, @Nullable String encoding, Instant publishedAt)
      throws UndecodableException;
}
