package org.osprey.coordinator.ctl.console;

/** Ends a command with a line on stderr and an exit status. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Exit exit;

  /**
   * @param message what is wrong and what would be right, on one line
   */
  public Failure(Exit exit, String message) {
    super(message, null, false, false);
    this.exit = exit;
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
}
