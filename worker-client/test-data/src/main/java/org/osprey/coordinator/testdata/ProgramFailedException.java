package org.osprey.coordinator.testdata;

/** A program cannot do what it is for; the message is for people. */
final class ProgramFailedException extends Exception {
  private static final long serialVersionUID = 1;

  ProgramFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
