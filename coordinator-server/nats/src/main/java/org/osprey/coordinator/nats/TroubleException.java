package org.osprey.coordinator.nats;

/** Something that an operator has to mend; the message names the setting. */
final class TroubleException extends Exception {
  private static final long serialVersionUID = 1;

  TroubleException(String message) {
    super(message);
  }
}
