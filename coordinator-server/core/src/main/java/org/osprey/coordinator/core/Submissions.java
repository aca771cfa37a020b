package org.osprey.coordinator.core;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes actions that nobody waits for: each is stored first and comes back through a source. Safe
 * for use by many threads.
 */
@FunctionalInterface
public interface Submissions {

  /**
   * Never blocks.
   *
   * @return completes when the action is stored durably, and fails with {@link RefusedException}
   *     otherwise. What waits is held in memory, so the caller bounds how much of it there is
   */
  CompletionStage<Void> submit(Action action);

  /** The action was not taken. */
  final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What the caller may conclude. */
    public enum Reason {
      /** There is no room now; nothing is stored. */
      FULL,
      /** The store will never take an action of this size; nothing is stored. */
      TOO_LARGE,
      /** The store cannot be reached; nothing is stored. */
      UNAVAILABLE,
      /** The store did not answer, so the action may be stored or not. */
      UNKNOWN
    }

    /**
     * @param message what is wrong and the setting to look at, for people
     */
    public RefusedException(Reason reason, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }
  }
}
