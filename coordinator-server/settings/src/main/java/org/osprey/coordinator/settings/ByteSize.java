package org.osprey.coordinator.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of bytes. KB, MB, GB are powers of 1000; KiB, MiB, GiB are powers of 1024. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  public static final String WANT = "a size with its unit, such as 64MiB, 16KiB, 1MB or 512B";

  private static final Pattern FORM = Pattern.compile("(\\d+) ?(B|KB|KiB|MB|MiB|GB|GiB)");
  private static final Map<String, Long> UNITS = units();

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes must be at least 0, got " + bytes);
    }
  }

  /**
   * @throws IllegalArgumentException whose message says what is wanted
   */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(WANT);
    }
    try {
      long unit = UNITS.getOrDefault(matcher.group(2), 1L);
      return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(WANT + ", less than 2^63 bytes", e);
    }
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** In the largest unit that needs no fraction. */
  @Override
  public String toString() {
    for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
      if (bytes > 0 && bytes % unit.getValue() == 0) {
        return bytes / unit.getValue() + unit.getKey();
      }
    }
    return bytes + "B";
  }

  private static Map<String, Long> units() {
    Map<String, Long> units = new LinkedHashMap<>();
    units.put("GiB", 1L << 30);
    units.put("GB", 1_000_000_000L);
    units.put("MiB", 1L << 20);
    units.put("MB", 1_000_000L);
    units.put("KiB", 1L << 10);
    units.put("KB", 1_000L);
    units.put("B", 1L);
    return units;
  }
}
