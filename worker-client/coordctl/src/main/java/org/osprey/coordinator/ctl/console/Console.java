package org.osprey.coordinator.ctl.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/** What surrounds a command. */
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Terminal terminal,
    Map<String, String> environment) {

  private static final int BUFFER = 32 * 1024;

  /**
   * Of this process. Output is buffered until {@link #flush}.
   *
   * @param interactive whether output goes to a terminal
   */
  public static Console ofProcess(boolean interactive) {
    return new Console(
        System.in,
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER),
            false,
            UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        interactive ? new SttyTerminal() : Terminal.NONE,
        System.getenv());
  }

  public void flush() {
    out.flush();
    err.flush();
  }
}
