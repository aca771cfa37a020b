package org.osprey.coordinator.collectors.flow;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps batches of events on disk until they are published. Safe for use by many threads; all
 * methods may block, and throw a {@link SpillException} when the disk cannot be used.
 */
public interface SpillStore {

  /**
   * Stores a batch durably, in one row. The events of a collector are read back in the order of
   * (epoch, first seq), whenever they were stored.
   *
   * @param batch of one collector and one epoch, by rising seq, never empty
   */
  void append(List<Encoded> batch);

  /**
   * The oldest batch of a collector behind one that was read.
   *
   * @param after null for the first
   * @return null when there is none. A row that cannot be read comes as a batch without events: it
   *     says how many they were
   */
  @Nullable Batch next(String collector, @Nullable Batch after);

  /** Forgets a batch. Deleting it again does nothing. */
  void delete(Batch batch);

  /** What is stored, by collector. */
  Map<String, Totals> totals();

  /**
   * One row.
   *
   * @param row its id, which is never used again
   * @param events empty when the row is corrupt
   * @param count how many events were stored in it
   */
  record Batch(
      long row, String collector, long epoch, long firstSeq, List<Encoded> events, int count) {

    public Batch {
      events = List.copyOf(events);
    }

    public boolean corrupt() {
      return events.isEmpty();
    }
  }

  /**
   * @param bytes of the events' bodies
   */
  record Totals(long events, long bytes) {}

  /** The disk cannot be used now; tried again later. */
  final class SpillException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SpillException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
