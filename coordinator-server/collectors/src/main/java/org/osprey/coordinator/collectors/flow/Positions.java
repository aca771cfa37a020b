package org.osprey.coordinator.collectors.flow;

import java.util.Optional;

/** Where collectors are in what they read. Safe for use by many threads. */
public interface Positions {

  /** May block. */
  Optional<String> load(String collector);

  /** Returns at once; the last one saved wins, and is on disk a moment later. */
  void save(String collector, String position);
}
