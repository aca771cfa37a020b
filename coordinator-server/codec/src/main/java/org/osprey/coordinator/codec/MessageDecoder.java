package org.osprey.coordinator.codec;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;

/** Reads an action from one broker message. */
public interface MessageDecoder {

  /**
   * @param data the message
   * @param attributes its headers or attributes: {@code encoding}, {@code not-before}
   * @param publishedAt the action's timestamp, unless the message says another
   */
  Action decode(byte[] data, Attributes attributes, Instant publishedAt)
      throws UndecodableException;

  /** Headers or attributes of a message. */
  @FunctionalInterface
  interface Attributes {
    Attributes NONE = name -> null;

    /** The value in UTF-8, or null when the message has no such attribute. */
    @Nullable String get(String name);
  }
}
