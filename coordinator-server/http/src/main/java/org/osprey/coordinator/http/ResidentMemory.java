package org.osprey.coordinator.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of this process, as the operating system counts it. */
final class ResidentMemory {
  private static final Pattern LINE = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
  private static final long KILOBYTE = 1024;

  private final Path status;

  /**
   * @param status as Linux writes it in {@code /proc/self/status}
   */
  ResidentMemory(Path status) {
    this.status = status;
  }

  static ResidentMemory ofThisProcess() {
    return new ResidentMemory(Path.of("/proc/self/status"));
  }

  /** NaN where the system does not say. */
  double bytes() {
    try {
      Matcher line = LINE.matcher(Files.readString(status));
      return line.find() ? Long.parseLong(line.group(1)) * KILOBYTE : Double.NaN;
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
