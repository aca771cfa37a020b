package org.osprey.coordinator.database;

import java.util.List;
import org.osprey.coordinator.core.DeadLetterStore.Snapshot;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** A walk by id, a page at a time; holds no connection in between. */
final class LetterWalk implements Snapshot {
  private final DatabaseDeadLetters letters;
  private final long last;
  private long after;

  /**
   * @param last the newest id when the walk began
   */
  LetterWalk(DatabaseDeadLetters letters, long after, long last) {
    this.letters = letters;
    this.after = after;
    this.last = last;
  }

  @Override
  public List<StoredLetter> next(int limit) {
    if (after >= last) {
      return List.of();
    }
    List<StoredLetter> page = letters.page(after, last, limit);
    after = page.isEmpty() ? last : Long.parseLong(page.getLast().id());
    return page;
  }

  @Override
  public void close() {}
}
