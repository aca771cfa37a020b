package org.osprey.coordinator.collectors.builtin.kernel;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much counters rose since they were last told, by name. Belongs to one thread. */
final class Differences {
  private final Map<String, long[]> last = new HashMap<>();
  private final Map<String, long[]> now = new HashMap<>();

  /**
   * @return null when there is nothing to compare with: at first, and when one of them fell, which
   *     means that they were counted anew
   */
  long @Nullable [] since(String name, long[] counters) {
    now.put(name, counters);
    long[] before = last.get(name);
    if (before == null || before.length != counters.length) {
      return null;
    }
    long[] rose = new long[counters.length];
    for (int i = 0; i < counters.length; i++) {
      rose[i] = counters[i] - before[i];
      if (rose[i] < 0) {
        return null;
      }
    }
    return rose;
  }

  /** Ends a round: what was not told in it is forgotten. */
  void turn() {
    last.clear();
    last.putAll(now);
    now.clear();
  }
}
