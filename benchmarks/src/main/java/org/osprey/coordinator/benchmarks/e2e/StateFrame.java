package org.osprey.coordinator.benchmarks.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Finds numbers in the JSON of a state, with as little work as can be. */
final class StateFrame {
  private static final byte[] RUNNING = key("is_running", "true");
  private static final byte[] TIME = key("current_time", "");
  private static final byte[] SERVER_TIME = key("server_time", "");
  private static final byte[] LOOP = key("loop", "");

  private StateFrame() {}

  private static byte[] key(String name, String value) {
    return "\"%s\":%s".formatted(name, value).getBytes(US_ASCII);
  }

  /** Tells of a state that runs; others are passed over. */
  static void read(byte[] bytes, int from, int to, int watcher, Arrivals arrivals) {
    if (find(RUNNING, bytes, from, to) < 0) {
      return;
    }
    long position = number(LOOP, bytes, from, to) * Show.TOTAL + number(TIME, bytes, from, to);
    arrivals.arrived(watcher, position, number(SERVER_TIME, bytes, from, to));
  }

  private static long number(byte[] key, byte[] bytes, int from, int to) {
    int at = find(key, bytes, from, to);
    if (at < 0) {
      throw new IllegalStateException("a state lacks " + new String(key, US_ASCII));
    }
    long number = 0;
    for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      number = 10 * number + bytes[at] - '0';
    }
    return number;
  }

  /** Where what follows the key begins, or -1. */
  private static int find(byte[] key, byte[] bytes, int from, int to) {
    for (int start = from; start <= to - key.length; start++) {
      int same = 0;
      while (same < key.length && bytes[start + same] == key[same]) {
        same++;
      }
      if (same == key.length) {
        return start + same;
      }
    }
    return -1;
  }
}
