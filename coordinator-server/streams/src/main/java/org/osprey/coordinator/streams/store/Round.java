package org.osprey.coordinator.streams.store;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.osprey.coordinator.streams.Hold;

/**
 * What one look at the database brought.
 *
 * @param renewed what was held and still is
 * @param claimed what is held from now on
 * @param living names of the coordinators that share the partitions, in order
 * @param owners of partitions that somebody has
 * @param firstEnd in how many milliseconds the first lease of another ends unless it is renewed;
 *     empty when others have nothing
 */
record Round(
    Set<Hold> renewed,
    List<Hold> claimed,
    List<String> living,
    Map<Integer, String> owners,
    OptionalLong firstEnd) {

  /** Whether somebody has more than a share, or nobody has something. */
  boolean isUneven() {
    int share = share(living.size());
    return owners.size() < Hold.PARTITIONS
        || living.stream().anyMatch(name -> Collections.frequency(owners.values(), name) > share);
  }

  /** As many partitions as one of so many coordinators has at most. */
  static int share(int living) {
    return (Hold.PARTITIONS + living - 1) / living;
  }
}
