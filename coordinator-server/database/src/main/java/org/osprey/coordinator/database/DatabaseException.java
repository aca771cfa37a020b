package org.osprey.coordinator.database;

import org.jspecify.annotations.Nullable;

/** The database could not do what was asked, for a reason that is not in the work itself. */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** What the caller may conclude. */
  public enum Reason {
    /** Too much waits to be written already. Nothing of the work is stored. */
    QUEUE_FULL,
    /** Cannot be reached, or has no room. Nothing of the work is stored. */
    UNAVAILABLE,
    /** The connection was lost at the commit: the work may be stored or not. */
    UNKNOWN,
    /** Closed, or not started. Nothing of the work is stored. */
    CLOSED
  }

  /**
   * @param message names the setting to look at
   */
  DatabaseException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
