package org.osprey.coordinator.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import org.osprey.coordinator.ctl.command.Commands;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Terminal;

/** Runs commands as a shell would, and keeps what they print. */
final class Shell {
  private final Map<String, String> environment = new HashMap<>();
  private String typed = "";
  private Terminal terminal = Terminal.NONE;

  /** What a command left. */
  record Run(int status, String out, String err) {}

  Shell variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Shell typing(String text) {
    typed = text;
    return this;
  }

  Shell terminal(int columns, int rows) {
    terminal = () -> new Terminal.Size(columns, rows);
    return this;
  }

  Run run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(typed.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            terminal,
            environment);
    int status = new Commands(console).run(words);
    console.flush();
    return new Run(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
