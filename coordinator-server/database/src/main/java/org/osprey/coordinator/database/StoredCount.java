package org.osprey.coordinator.database;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.AtomicLong;

/** How many submissions there are, from what this process does and a look now and then. */
@ThreadSafe
final class StoredCount {
  private final int most;
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong storing = new AtomicLong();

  StoredCount(int most) {
    this.most = most;
  }

  /**
   * @return whether there is room for one more, which has it then
   */
  boolean reserve() {
    if (stored.incrementAndGet() > most) {
      stored.decrementAndGet();
      return false;
    }
    storing.incrementAndGet();
    return true;
  }

  /** How it went with one that had room. */
  void ended(boolean isStored) {
    storing.decrementAndGet();
    if (!isStored) {
      stored.decrementAndGet();
    }
  }

  void deleted(int rows) {
    stored.addAndGet(-rows);
  }

  /**
   * @param rows that are there; what is being stored may or may not be among them
   */
  void counted(long rows) {
    stored.set(rows + storing.get());
  }

  int most() {
    return most;
  }

  long get() {
    return Math.max(0, stored.get());
  }
}
