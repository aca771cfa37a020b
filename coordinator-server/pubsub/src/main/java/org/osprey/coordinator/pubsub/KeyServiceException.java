package org.osprey.coordinator.pubsub;

import java.security.GeneralSecurityException;

/** The key service gave no answer about a key; what it protects may be perfectly good. */
final class KeyServiceException extends GeneralSecurityException {
  private static final long serialVersionUID = 1;

  KeyServiceException(String message, Throwable cause) {
    super(message, cause);
  }

  KeyServiceException(String message) {
    super(message);
  }
}
