package org.osprey.coordinator.streams.gateway;

import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.List;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.streams.Transport;

/**
 * Streams over HTTP: what is asked of them, how they are, and those who watch. It is closed before
 * its transport, which it tells of everybody who leaves.
 */
public final class StreamRoutes implements HttpRoutes, Component, Supervised, Measured {
  private final GatewayCounts counts = new GatewayCounts();
  private final WatcherPump pump;
  private final List<HttpRoutes> groups;

  /**
   * @param random safe for use by many threads
   */
  public StreamRoutes(
      Transport transport, GatewaySettings settings, Ticker ticker, RandomGenerator random) {
    pump = new WatcherPump(new GatewayParts(transport, settings, counts, ticker, random));
    StreamRequests requests = new StreamRequests(transport);
    groups =
        List.of(
            new CommandRoutes(requests, random),
            new ViewRoutes(requests),
            new WatchingRoutes(requests, pump, random));
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    groups.forEach(group -> group.addTo(routes));
  }

  @Override
  public List<String> views() {
    return List.of("streams");
  }

  @Override
  public void start() {
    pump.start();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return pump.loops();
  }

  @Override
  public Check check() {
    return pump.check();
  }

  @Override
  public void tell(Figures figures) {
    counts.tell(figures);
  }

  @Override
  public void closing() {
    close();
  }

  /** Sends everybody away who watches; 4 s at most. May be repeated. */
  @Override
  public void close() {
    pump.close();
  }
}
