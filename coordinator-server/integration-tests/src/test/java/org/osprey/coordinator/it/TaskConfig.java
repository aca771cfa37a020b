package org.osprey.coordinator.it;

import static java.util.stream.Collectors.joining;

import org.osprey.coordinator.tasks.samples.SampleServices;

/** Settings, in YAML, of coordinators that take tasks. */
final class TaskConfig {
  private TaskConfig() {}

  /**
   * @param database its settings
   */
  static String of(String database, SampleServices services) {
    return of(database, services(services));
  }

  /**
   * @param database its settings
   * @param services name and URL of each
   */
  static String of(String database, String services) {
    return """
    rpc: {bindAddress: 127.0.0.1}
    http: {bindAddress: 127.0.0.1}
    database: {%s}
    startup: {warmUp: 0s}
    tasks:
      enabled: true
      timeout: 10m
      services: {%s}
    """
        .formatted(database, services);
  }

  /** Name and URL of each. */
  static String services(SampleServices services) {
    return services.list().stream()
        .map(service -> "%s: \"%s\"".formatted(service.name(), service.url()))
        .collect(joining(", "));
  }
}
