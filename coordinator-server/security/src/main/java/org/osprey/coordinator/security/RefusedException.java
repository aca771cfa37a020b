package org.osprey.coordinator.security;

import java.util.Locale;

/** May not. The message says why, to whom it concerns; it never has a credential in it. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why somebody is refused. */
  public enum Reason {
    /** Showed nothing. */
    NO_CREDENTIAL,
    /** Showed something that is not good, or not any more. */
    BAD_CREDENTIAL,
    /** Is known, and has not the role. */
    ROLE,
    /** May not send or handle actions of that name. */
    ACTION_NAME,
    /** The payload is too large. */
    PAYLOAD,
    /** Too many actions in too short a time. */
    RATE,
    /** Too many streams. */
    STREAMS;

    /** Its label in metrics. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is not known who it is. */
    public boolean unknown() {
      return this == NO_CREDENTIAL || this == BAD_CREDENTIAL;
    }
  }

  RefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Made for each refusal of a flood, and nobody reads where. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
