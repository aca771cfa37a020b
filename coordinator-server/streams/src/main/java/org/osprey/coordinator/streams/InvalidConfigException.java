package org.osprey.coordinator.streams;

/**
 * A stream cannot have such a configuration; the message names the field and what would be right.
 */
final class InvalidConfigException extends Exception {
  private static final long serialVersionUID = 1;

  InvalidConfigException(String message) {
    super(message, null, false, false);
  }
}
