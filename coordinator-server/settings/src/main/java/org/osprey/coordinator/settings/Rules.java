package org.osprey.coordinator.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.settings.InvalidSettingsException.Violation;

/**
 * What a compact constructor demands of its components. It reports every broken rule, not only the
 * first. Each rule ends with the path from the record to the component.
 */
public final class Rules {
  private final List<Violation> broken = new ArrayList<>();

  public Rules that(boolean holds, Object got, String want, String... path) {
    if (!holds) {
      broken.add(new Violation(List.of(path), Scalars.write(got), want));
    }
    return this;
  }

  public Rules between(int least, int most, int got, String... path) {
    String want = "a number from %d to %d".formatted(least, most);
    return that(got >= least && got <= most, got, want, path);
  }

  public Rules atLeast(int least, int got, String... path) {
    return that(got >= least, got, "at least " + least, path);
  }

  public Rules port(int got, String... path) {
    return that(got >= 0 && got <= 65_535, got, "a port from 0 (any free one) to 65535", path);
  }

  public Rules positive(Duration got, String... path) {
    return that(got.isPositive(), got, "a duration longer than 0s", path);
  }

  public Rules positive(ByteSize got, String... path) {
    return that(got.bytes() > 0, got, "at least 1B", path);
  }

  /** At least one byte, and no more than an array or an HTTP/2 window can hold. */
  public Rules buffer(ByteSize got, String... path) {
    boolean fits = got.bytes() > 0 && got.bytes() <= Integer.MAX_VALUE;
    return that(fits, got, "a size from 1B to less than 2GiB", path);
  }

  public Rules notBlank(String got, String... path) {
    return that(!got.isBlank(), got, "some text", path);
  }

  /**
   * @throws InvalidSettingsException when a rule is broken
   */
  public void check() {
    if (!broken.isEmpty()) {
      throw new InvalidSettingsException(broken);
    }
  }
}
