package org.osprey.coordinator.replica.event;

/** A stream is not at the version that the writer expected; nothing was appended. */
public final class WrongVersionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public WrongVersionException(String streamId, long expected) {
    super("stream %s is not at version %d any more".formatted(streamId, expected));
  }
}
