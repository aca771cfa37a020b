package org.osprey.coordinator.collectors.builtin.kernel;

import java.time.Duration;
import org.osprey.coordinator.collectors.builtin.Wants;

/**
 * @param procRoot where the machine's {@code /proc} is seen, which in a container may be elsewhere
 * @param pollInterval between two looks at the processes
 * @param statsInterval between two looks at load, pressure, disks and network
 * @param commandLines whether events have them: they may hold secrets
 * @param kernelThreads whether they count as processes
 * @param pressureWarning percent of time that some task waited, over ten seconds, from which on
 *     pressure is a warning
 */
public record KernelConfig(
    String procRoot,
    Duration pollInterval,
    Duration statsInterval,
    boolean commandLines,
    boolean kernelThreads,
    double pressureWarning) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofHours(1);

  static final KernelConfig DEFAULTS =
      new KernelConfig("/proc", Duration.ofSeconds(1), Duration.ofSeconds(10), false, false, 60);

  public KernelConfig {
    new Wants()
        .notBlank(procRoot, "proc_root")
        .between(SHORTEST, LONGEST, pollInterval, "poll_interval")
        .between(SHORTEST, LONGEST, statsInterval, "stats_interval")
        .that(
            pressureWarning >= 0 && pressureWarning <= 100,
            "pressure_warning",
            pressureWarning,
            "percent from 0 to 100")
        .check();
  }
}
