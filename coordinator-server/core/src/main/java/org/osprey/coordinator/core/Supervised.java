package org.osprey.coordinator.core;

import java.util.List;

/**
 * Works in loops of its own. Any part of a coordinator may be this too; its loops are watched: they
 * count in the metrics, and the coordinator is not ready while one of them is stuck.
 */
public interface Supervised {

  /** The same ones each time, started or not. */
  List<SupervisedLoop> loops();
}
