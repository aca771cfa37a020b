package org.osprey.coordinator.pubsub;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The library prints a stack trace each time a stream or an ack fails, which is once for every try.
 * We see the same failures, and say each once in the words of our settings.
 */
final class LibraryLog {
  /** Held on to, because a logger that nobody holds forgets its level. */
  private static final Logger STREAMS =
      Logger.getLogger("com.google.cloud.pubsub.v1.StreamingSubscriberConnection");

  private LibraryLog() {}

  static void quieten() {
    STREAMS.setLevel(Level.OFF);
  }
}
