package org.osprey.coordinator.worker;

import java.util.List;

/** Where the streams go. Stream number n goes to target number n modulo the number of targets. */
record Layout(List<String> targets, int streams, int channelsPerTarget) {
  static final int MAX_STREAMS = 10_000;

  Layout {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("expected at least one target, got none");
    }
    targets.forEach(Layout::checkTarget);
    Checks.between("streams", 1, MAX_STREAMS, streams);
    Checks.between("channelsPerTarget", 1, 1_000, channelsPerTarget);
  }

  /** Channel number n, too, goes to target number n modulo the number of targets. */
  int channels() {
    return Math.min(streams, targets.size() * channelsPerTarget);
  }

  int channelOf(int stream) {
    return stream % channels();
  }

  int targetOf(int channel) {
    return channel % targets.size();
  }

  static void checkTarget(String target) {
    int colon = target.lastIndexOf(':');
    if (colon < 1 || !isPort(target.substring(colon + 1))) {
      throw new IllegalArgumentException("expected a target host:port, got " + target);
    }
  }

  private static boolean isPort(String text) {
    return text.matches("[0-9]{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= 65_535;
  }
}
