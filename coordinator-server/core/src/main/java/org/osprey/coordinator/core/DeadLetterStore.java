package org.osprey.coordinator.core;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters that can be looked at, tried again and thrown away. All but {@link #put} block, and
 * throw {@link StoreException} when the store cannot be reached. Safe for use by many threads.
 */
public interface DeadLetterStore extends DeadLetters {

  /**
   * What is there now; letters that come later are not in it, so walking through it ends.
   *
   * @param after the id of a letter: only those behind it; null for all. A letter that is gone by
   *     now still marks its place
   */
  Snapshot snapshot(@Nullable String after);

  /** The letter of this id, or null when there is none. */
  @Nullable StoredLetter find(String id);

  /**
   * Throws letters away. Some stores can forget only from the oldest letter on, and keep what lies
   * behind one that stays.
   *
   * @return how many are gone
   */
  int remove(Collection<String> ids);

  /**
   * A letter in a store.
   *
   * @param id unique within the store and never used again
   * @param storedAt when it was put
   */
  record StoredLetter(String id, Instant storedAt, DeadLetter letter) {}

  /** A walk from the oldest letter to the newest, for one thread. */
  interface Snapshot extends AutoCloseable {

    /**
     * @param limit at least one
     * @return empty at the end
     */
    List<StoredLetter> next(int limit);

    @Override
    void close();
  }

  /** The store cannot be reached, or failed. */
  final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param message what to look at, for people
     */
    public StoreException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
