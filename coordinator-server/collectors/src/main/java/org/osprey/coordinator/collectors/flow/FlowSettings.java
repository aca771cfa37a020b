package org.osprey.coordinator.collectors.flow;

import java.time.Duration;
import java.util.List;

/**
 * How events flow.
 *
 * @param workers threads that take from the rings and publish
 * @param bufferSize events in all rings together
 * @param bufferBytes of bodies in all rings together
 * @param spillBytes of bodies on disk, all collectors together; then those that spill wait
 * @param drain how long closing goes on publishing before it stores the rest
 * @param subject for events that no route fits; may hold {@code {collector}}, {@code {type}},
 *     {@code {severity}}
 */
public record FlowSettings(
    int workers,
    int bufferSize,
    long bufferBytes,
    long spillBytes,
    Duration drain,
    List<Route> routes,
    String subject) {

  public FlowSettings {
    routes = List.copyOf(routes);
  }
}
