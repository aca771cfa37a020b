package org.osprey.coordinator.collectors.builtin.dns;

import java.util.SortedSet;

/** What came of a question. */
sealed interface Reply {

  /**
   * @param records as text, none when the name has none of this type
   */
  record Answer(SortedSet<String> records, long latencyNanos) implements Reply {}

  /**
   * @param reason in words that are the same for the same cause
   */
  record Failure(String reason) implements Reply {}
}
