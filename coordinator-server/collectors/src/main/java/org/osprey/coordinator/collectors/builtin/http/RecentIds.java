package org.osprey.coordinator.collectors.builtin.http;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The ids that were seen last, up to a number. Belongs to one thread. */
final class RecentIds {
  private final int limit;
  private final Set<String> ids = new LinkedHashSet<>();

  RecentIds(int limit) {
    this.limit = limit;
  }

  /** Counts it as seen now, and says whether it was not before. */
  boolean add(String id) {
    boolean fresh = !ids.remove(id);
    ids.add(id);
    if (ids.size() > limit) {
      Iterator<String> oldest = ids.iterator();
      oldest.next();
      oldest.remove();
    }
    return fresh;
  }
}
