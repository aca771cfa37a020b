package org.osprey.coordinator.ctl.top;

import java.io.PrintStream;
import java.util.List;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Terminal;

/** Where frames go: over each other on a terminal, one after the other elsewhere. */
final class Screen implements AutoCloseable {
  private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String USUAL_SCREEN = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String REST_OF_LINE = "\u001b[K";
  private static final String REST_OF_SCREEN = "\u001b[J";

  private final PrintStream out;
  private final Terminal terminal;
  private final boolean present;
  private final Terminal.Restore keys;
  private boolean open = true;

  Screen(Console console) {
    out = console.out();
    terminal = console.terminal();
    present = terminal.present();
    keys = terminal.readKeys();
    if (present) {
      out.print(OTHER_SCREEN);
    }
  }

  /** As it is now; none when frames go one after the other. */
  Terminal.Size size() {
    return terminal.size();
  }

  synchronized void show(List<String> lines) {
    if (!open) {
      return;
    }
    if (present) {
      // No line break after the last one: it would scroll a full screen.
      out.print(HOME + String.join(REST_OF_LINE + "\r\n", lines) + REST_OF_LINE + REST_OF_SCREEN);
    } else {
      lines.forEach(out::println);
      out.println();
    }
    out.flush();
  }

  /** The terminal is as it was. May be repeated, from any thread. */
  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      keys.close();
      if (present) {
        out.print(USUAL_SCREEN);
      }
      out.flush();
    }
  }
}
