package org.osprey.coordinator.ctl;

import org.osprey.coordinator.ctl.command.Commands;
import org.osprey.coordinator.ctl.console.Console;

/** The program; README.md says what its launcher tells it. */
public final class Main {
  /** Set by the launcher when output goes to a terminal. */
  private static final String INTERACTIVE = "coordctl.interactive";

  private static final String LOGBACK_CHOICE = "logback.configurationFile";

  private Main() {}

  public static void main(String[] words) {
    // Before the first logger is made; the coordinator's own file would write to stdout.
    if (System.getProperty(LOGBACK_CHOICE) == null) {
      System.setProperty(LOGBACK_CHOICE, "coordctl-logback.xml");
    }
    Console console = Console.ofProcess(Boolean.getBoolean(INTERACTIVE));
    int status = new Commands(console).run(words);
    console.flush();
    System.exit(status);
  }
}
