package org.osprey.coordinator.collectors.builtin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.settings.Durations;

/** What a record of settings demands of its components. It tells every broken rule at once. */
public final class Wants {
  private final List<String> broken = new ArrayList<>();

  public Wants that(boolean holds, String key, Object got, String want) {
    if (!holds) {
      broken.add("%s: want %s, got %s".formatted(key, want, written(got)));
    }
    return this;
  }

  public Wants between(long least, long most, long got, String key) {
    return that(
        got >= least && got <= most, key, got, "a number from %d to %d".formatted(least, most));
  }

  public Wants between(Duration least, Duration most, Duration got, String key) {
    return that(
        got.compareTo(least) >= 0 && got.compareTo(most) <= 0,
        key,
        got,
        "a duration from %s to %s".formatted(Durations.format(least), Durations.format(most)));
  }

  public Wants notBlank(String got, String key) {
    return that(!got.isBlank(), key, got, "some text");
  }

  /**
   * @throws IllegalArgumentException when a rule is broken, naming all of them
   */
  public void check() {
    if (!broken.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", broken));
    }
  }

  private static String written(Object got) {
    return switch (got) {
      case Duration duration -> Durations.format(duration);
      case String text -> '"' + text + '"';
      default -> got.toString();
    };
  }
}
