package org.osprey.coordinator.core;

/** What is said of a failure where there is one line for it. */
public final class RootMessage {
  private RootMessage() {}

  /** The message of the innermost cause, or what that is when it has none. */
  public static String of(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
