package org.osprey.coordinator.ctl.console;

import java.util.List;

/** Ends a command with a line on stderr, perhaps with details below it, and an exit status. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Exit exit;
  private final transient List<String> details;

  /**
   * @param message what is wrong and what would be right, on one line
   */
  public Failure(Exit exit, String message) {
    this(exit, message, List.of());
  }

  /**
   * @param details a line each
   */
  public Failure(Exit exit, String message, List<String> details) {
    super(message, null, false, false);
    this.exit = exit;
    this.details = List.copyOf(details);
  }

  public static Failure usage(String message) {
    return new Failure(Exit.USAGE, message);
  }

  public Exit exit() {
    return exit;
  }

  public String line() {
    return String.valueOf(getMessage());
  }

  public List<String> details() {
    return details;
  }
}
