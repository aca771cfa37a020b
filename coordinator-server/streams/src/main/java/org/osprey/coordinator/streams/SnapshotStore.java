package org.osprey.coordinator.streams;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Keeps streams over restarts, and for those who take them over. */
public interface SnapshotStore {

  /**
   * Puts a snapshot in the place of the stream's last one; never blocks. What is saved and removed
   * with one hold takes effect in that order.
   *
   * @return completes after the commit; fails with {@link NotHeldException} when the partition was
   *     claimed by somebody else since, and with another exception when it could not be stored
   */
  CompletionStage<Void> save(Hold hold, Snapshot snapshot);

  /**
   * Forgets a stream, in the same way.
   *
   * @return as {@link #save}
   */
  CompletionStage<Void> remove(Hold hold, String streamId);

  /**
   * Every stream of a partition. Blocks.
   *
   * @throws RuntimeException when they cannot be read
   */
  List<Snapshot> load(int partition);

  /** Another coordinator has the partition. */
  final class NotHeldException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotHeldException(Hold hold) {
      super(
          "partition %d was claimed by another coordinator after epoch %d"
              .formatted(hold.partition(), hold.epoch()),
          null,
          false,
          false);
    }
  }
}
