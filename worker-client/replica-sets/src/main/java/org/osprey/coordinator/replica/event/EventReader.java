package org.osprey.coordinator.replica.event;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all events by rising position and leaves none out: behind its {@link #horizon} nothing can
 * appear any more. Belongs to one thread.
 */
public interface EventReader extends AutoCloseable {

  /**
   * Looks how far it is safe to read, which may have grown. A long way takes several calls.
   *
   * @return a position up to which every event that will ever be there is there
   */
  long horizon();

  /**
   * Reads behind a position and up to the horizon, as it was last looked at.
   *
   * @param limit events at most
   * @return those of the slots, by rising position; less than {@code limit} means there are no more
   */
  List<PersistedEvent> read(long after, int limit, Slots slots);

  /** The greatest position that there was at the last look, also behind the horizon. */
  long last();

  /** What the horizon waits for; null for nothing. */
  @Nullable Gap gap();

  /** How many positions turned out to belong to no event. */
  long deadPositions();

  @Override
  void close();

  /**
   * Positions that somebody may still be writing to.
   *
   * @param first of them
   * @param age since it was seen
   * @param holders who may be writing, for people
   */
  record Gap(long first, Duration age, List<String> holders) {
    public Gap {
      holders = List.copyOf(holders);
    }
  }
}
