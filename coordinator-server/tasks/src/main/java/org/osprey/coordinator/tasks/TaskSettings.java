package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How tasks are worked on.
 *
 * @param services in the order in which the calls of a task are listed
 * @param directTimeout longest wait of a caller who wants the results at once
 * @param heartbeat how often this coordinator says that it lives
 * @param deadAfter silence after which a coordinator's requests are taken over
 * @param retention how long ended tasks are kept
 * @param hidden names of fields whose values nobody is shown; services get them
 */
public record TaskSettings(
    List<ServiceSettings> services,
    Duration directTimeout,
    Duration heartbeat,
    Duration deadAfter,
    Duration retention,
    Set<String> hidden) {

  public TaskSettings {
    services = List.copyOf(services);
    hidden = Set.copyOf(hidden);
  }

  /** Everything is shown. */
  public TaskSettings(
      List<ServiceSettings> services,
      Duration directTimeout,
      Duration heartbeat,
      Duration deadAfter,
      Duration retention) {
    this(services, directTimeout, heartbeat, deadAfter, retention, Set.of());
  }
}
