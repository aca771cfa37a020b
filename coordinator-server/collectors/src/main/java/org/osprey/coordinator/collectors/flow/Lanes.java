package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** All lanes of a flow, of which there are only ever more. */
@ThreadSafe
final class Lanes {
  private final Map<String, Lane> byName = new ConcurrentHashMap<>();
  private final List<Lane> all = new CopyOnWriteArrayList<>();

  void add(Lane lane) {
    byName.put(lane.name(), lane);
    all.add(lane);
  }

  @Nullable Lane find(String name) {
    return byName.get(name);
  }

  Map<String, Lane> byName() {
    return Collections.unmodifiableMap(byName);
  }

  /** In the order in which they came; those of later are seen, too. */
  List<Lane> all() {
    return all;
  }
}
