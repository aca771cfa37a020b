package org.osprey.coordinator.ctl.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal of this process, through {@code stty}; the launcher says whether there is one. */
public final class SttyTerminal implements Terminal {
  private static final File DEVICE = new File("/dev/tty");
  private static final Pattern ROWS_COLUMNS = Pattern.compile("([0-9]{1,4}) ([0-9]{1,4})");
  private static final Size USUAL = new Size(80, 24);
  private static final int PATIENCE_SECONDS = 2;

  @Override
  public Size size() {
    Matcher size = ROWS_COLUMNS.matcher(stty("size"));
    if (!size.matches() || size.group(2).equals("0")) {
      return USUAL;
    }
    return new Size(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)));
  }

  @Override
  public boolean present() {
    return true;
  }

  @Override
  public Restore readKeys() {
    String before = stty("-g");
    stty("-icanon", "-echo", "min", "1");
    AtomicBoolean restored = new AtomicBoolean();
    return () -> {
      if (!before.isEmpty() && restored.compareAndSet(false, true)) {
        stty(before);
      }
    };
  }

  /** What stty says; empty when it can't be asked. */
  private static String stty(String... arguments) {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(DEVICE)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
          ? said
          : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
