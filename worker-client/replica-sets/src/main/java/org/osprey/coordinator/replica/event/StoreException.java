package org.osprey.coordinator.replica.event;

/** The database did not do what it was asked for; what was under way is rolled back, or unknown. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
