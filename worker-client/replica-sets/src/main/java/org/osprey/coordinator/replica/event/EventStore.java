package org.osprey.coordinator.replica.event;

import java.util.List;

/** Events in streams. Safe for use by many threads and processes. */
public interface EventStore {
  /** As the expected version of an append: whatever the stream is at. */
  long ANY_VERSION = -1;

  /**
   * Appends events to a stream, all or none of them.
   *
   * @param expectedVersion of the last event that the stream has, 0 for none, or {@link
   *     #ANY_VERSION}
   * @param events at least one
   * @return the version of the last of them
   * @throws WrongVersionException when the stream is at another version
   */
  long append(String streamId, long expectedVersion, List<NewEvent> events);

  /**
   * @param positions by rising number
   * @return the events that are there, in that order
   */
  List<PersistedEvent> at(List<Long> positions);

  /** A way to read on, of one reader. */
  EventReader reader(long after);

  /**
   * Looks whether it can be used at all; called before it is.
   *
   * @throws IllegalStateException when it cannot, however often it is tried, saying why
   * @throws StoreException when it cannot be reached, which may pass
   */
  default void check() {}
}
