package org.osprey.coordinator.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DeadLetterStore.Snapshot;
import org.osprey.coordinator.core.DeadLetterStore.StoreException;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** What was in the dead-letter topic at one moment, one partition after the other. */
final class LetterSnapshot implements Snapshot {
  private final LetterReader reader;
  private final Troubles troubles;
  private final Deque<PartitionWalk> walks;

  /**
   * @param reader closed with this
   */
  LetterSnapshot(LetterReader reader, Troubles troubles, @Nullable LetterId after) {
    this.reader = reader;
    this.troubles = troubles;
    walks = new ArrayDeque<>(reader.walks(after));
  }

  @Override
  public List<StoredLetter> next(int limit) {
    List<StoredLetter> letters = new ArrayList<>();
    try {
      while (letters.size() < limit && !walks.isEmpty()) {
        ConsumerRecord<byte[], byte[]> record = walks.element().next();
        if (record == null) {
          walks.remove();
        } else {
          letters.add(LetterParser.parse(record));
        }
      }
      return letters;
    } catch (RuntimeException e) {
      throw new StoreException(troubles.explain(e), e);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
