package org.osprey.coordinator.codec;

/** A message that is no action; the message says what is wrong, without the contents. */
public final class UndecodableException extends Exception {
  private static final long serialVersionUID = 1;

  public UndecodableException(String message) {
    super(message);
  }

  public UndecodableException(String message, Throwable cause) {
    super(message, cause);
  }
}
