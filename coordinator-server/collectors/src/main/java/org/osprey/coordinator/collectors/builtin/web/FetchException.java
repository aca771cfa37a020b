package org.osprey.coordinator.collectors.builtin.web;

/** There is no answer. The message stays the same while the reason does. */
public final class FetchException extends Exception {
  private static final long serialVersionUID = 1;

  public FetchException(String message) {
    super(message);
  }

  FetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
