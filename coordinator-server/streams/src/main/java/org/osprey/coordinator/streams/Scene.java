package org.osprey.coordinator.streams;

import org.jspecify.annotations.Nullable;

/**
 * A part of a stream. Times are in nanoseconds since the beginning of the first scene.
 *
 * @param action offered when the scene begins, or null
 */
record Scene(String name, long begin, long end, @Nullable SceneAction action) {

  /**
   * @param dataJson a JSON object
   */
  record SceneAction(String name, String dataJson) {}
}
