package org.osprey.coordinator.ctl.console;

/** One line on stderr that is written over again and again; nothing without a terminal. */
public final class ProgressLine implements AutoCloseable {
  private static final String OVER_AGAIN = "\r\u001b[K";

  private final Console console;
  private final boolean shown;

  public ProgressLine(Console console) {
    this.console = console;
    shown = console.terminal().present();
  }

  public void show(String line) {
    if (shown) {
      int columns = console.terminal().size().columns();
      String fitting = line.length() < columns ? line : line.substring(0, columns - 1);
      console.err().print(OVER_AGAIN + fitting);
      console.err().flush();
    }
  }

  /** Wipes the line. */
  @Override
  public void close() {
    if (shown) {
      console.err().print(OVER_AGAIN);
      console.err().flush();
    }
  }
}
