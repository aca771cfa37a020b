package org.osprey.coordinator.database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Something to read. Each statement sees what was committed when it began; the handle refuses to
 * write.
 */
@FunctionalInterface
public interface Query<T extends @Nullable Object> {
  T run(Handle handle);
}
