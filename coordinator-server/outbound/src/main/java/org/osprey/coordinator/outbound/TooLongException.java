package org.osprey.coordinator.outbound;

import java.io.IOException;

/** An answer is longer than it may be. */
public final class TooLongException extends IOException {
  private static final long serialVersionUID = 1;

  TooLongException(int limit) {
    super("the answer is longer than %d bytes".formatted(limit));
  }
}
