package org.osprey.coordinator.collectors.builtin.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * The file {@code stat} of a process, as far as it is needed, without making an object of it. A
 * process's name may hold anything, also blanks and parentheses.
 */
final class ProcessStat {
  private static final int PF_KTHREAD = 0x0020_0000;

  /** Counted from the one behind the name. */
  private static final int PARENT = 1;

  private static final int FLAGS = 6;
  private static final int START = 19;

  private final byte[] bytes;
  private final int open;
  private final int close;

  private ProcessStat(byte[] bytes, int open, int close) {
    this.bytes = bytes;
    this.open = open;
    this.close = close;
  }

  /**
   * @return null when it is not such a file
   */
  static @Nullable ProcessStat of(ProcReader read) {
    byte[] bytes = read.bytes();
    int open = 0;
    while (open < read.length() && bytes[open] != '(') {
      open++;
    }
    int close = read.length() - 1;
    while (close > open && bytes[close] != ')') {
      close--;
    }
    // " S 1" is the least behind it
    return close > open && close + 4 < read.length() ? new ProcessStat(bytes, open, close) : null;
  }

  String name() {
    return new String(bytes, open + 1, close - open - 1, UTF_8);
  }

  /** Whether it runs no more, and only its parent has not asked for its end. */
  boolean dead() {
    byte state = bytes[close + 2];
    return state == 'Z' || state == 'X' || state == 'x';
  }

  long parent() {
    return field(PARENT);
  }

  boolean kernelThread() {
    return (field(FLAGS) & PF_KTHREAD) != 0;
  }

  /** In ticks since the machine was started; with the pid it tells processes apart. */
  long start() {
    return field(START);
  }

  private long field(int index) {
    int at = close + 2;
    for (int i = 0; i < index; i++) {
      while (at < bytes.length && bytes[at] != ' ') {
        at++;
      }
      at++;
    }
    long value = 0;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + (bytes[at] - '0');
      at++;
    }
    return value;
  }
}
