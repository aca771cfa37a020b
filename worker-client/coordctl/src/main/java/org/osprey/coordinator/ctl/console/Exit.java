package org.osprey.coordinator.ctl.console;

/** The exit statuses; scripts rely on them. */
public enum Exit {
  OK(0),
  /** The coordinator refused, an action failed, or something is not well. */
  REFUSED(1),
  /** The command line, or a file that it names, is wrong. */
  USAGE(2),
  /** No connection: nothing was sent. */
  NO_CONNECTION(3),
  /** No answer in time, or none that a coordinator gives: what was sent may have had its effect. */
  NO_ANSWER(4);

  private final int status;

  Exit(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }
}
