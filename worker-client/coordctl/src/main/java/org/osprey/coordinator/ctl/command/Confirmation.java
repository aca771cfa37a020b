package org.osprey.coordinator.ctl.command;

import java.io.IOException;
import java.util.Locale;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.text.Cell;
import picocli.CommandLine.Option;

/** Asks before something that can't be undone. */
final class Confirmation {
  private static final int LONGEST_REPLY = 16;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask first; needed where there is no terminal to ask at.")
  private boolean yes;

  /**
   * @throws Failure when it is not wanted
   */
  void ask(Console console, String question) {
    if (yes) {
      return;
    }
    if (!console.terminal().present()) {
      throw Failure.usage("want --yes where nobody can be asked: " + question);
    }
    console.err().print(Cell.clean(question) + " [y/N] ");
    console.err().flush();
    String reply = reply(console).toLowerCase(Locale.ROOT);
    if (!reply.equals("y") && !reply.equals("yes")) {
      throw Failure.usage("not confirmed, nothing was done");
    }
  }

  private static String reply(Console console) {
    StringBuilder line = new StringBuilder();
    try {
      for (int c = console.in().read(); c != '\n' && c != -1; c = console.in().read()) {
        if (line.length() < LONGEST_REPLY) {
          line.append((char) c);
        }
      }
    } catch (IOException e) {
      return "";
    }
    return line.toString().strip();
  }
}
