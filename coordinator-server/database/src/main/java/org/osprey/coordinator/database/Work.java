package org.osprey.coordinator.database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Something to write, together with all that must happen with it or not at all.
 *
 * <p>It runs on the writer's thread within a transaction that others share, so it is short, never
 * waits for anything but the database, and neither commits nor rolls back. It may run more than
 * once: after a lost connection nobody knows whether the commit came through. So storing twice must
 * be the same as storing once, which a unique key does ({@code on conflict do nothing}); and what
 * an earlier run left in variables does not count.
 *
 * @param <T> what the last run returns, handed to the caller after the commit
 */
@FunctionalInterface
public interface Work<T extends @Nullable Object> {

  /**
   * @throws Exception anything: nothing of this work is stored then, and the caller gets just that
   */
  T run(Handle handle) throws Exception;
}
