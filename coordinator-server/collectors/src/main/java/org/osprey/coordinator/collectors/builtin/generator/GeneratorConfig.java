package org.osprey.coordinator.collectors.builtin.generator;

import org.osprey.coordinator.collectors.builtin.Wants;

/**
 * @param rate events per second, all threads together; 0 for as fast as they can
 * @param size bytes of the payload; 0 for none
 * @param count events until it stops; 0 for no end
 * @param burst events that are emitted at once; the rate stays the same
 */
public record GeneratorConfig(long rate, int size, int threads, long count, int burst) {
  private static final long MAX_RATE = 100_000_000;
  private static final int MAX_SIZE = 1 << 20;
  private static final int MAX_THREADS = 64;
  private static final int MAX_BURST = 1_000_000;

  static final GeneratorConfig DEFAULTS = new GeneratorConfig(1_000, 300, 1, 0, 1);

  public GeneratorConfig {
    new Wants()
        .between(0, MAX_RATE, rate, "rate")
        .that(
            size == 0 || (size >= 2 && size <= MAX_SIZE),
            "size",
            size,
            "0, or a number from 2 to " + MAX_SIZE)
        .between(1, MAX_THREADS, threads, "threads")
        .that(count >= 0, "count", count, "0 or more")
        .between(1, MAX_BURST, burst, "burst")
        .check();
  }

  /** What one of the threads has to do: its part, of which the parts of all make up the whole. */
  long countOf(int thread) {
    return count / threads + (thread < count % threads ? 1 : 0);
  }
}
