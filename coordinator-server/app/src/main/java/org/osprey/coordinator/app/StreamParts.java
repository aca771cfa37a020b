package org.osprey.coordinator.app;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.osprey.coordinator.app.config.StreamsConfig;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.streams.InMemoryTransport;
import org.osprey.coordinator.streams.Peers;
import org.osprey.coordinator.streams.StreamEngine;
import org.osprey.coordinator.streams.StreamRouter;
import org.osprey.coordinator.streams.StreamSettings;
import org.osprey.coordinator.streams.Transport;
import org.osprey.coordinator.streams.gateway.GatewaySettings;
import org.osprey.coordinator.streams.gateway.StreamRoutes;
import org.osprey.coordinator.streams.store.DatabaseSnapshots;
import org.osprey.coordinator.streams.store.LeasedOwnership;

/** Scheduled streams; the parts add themselves to the components. */
final class StreamParts {
  /** Both together bound a take-over from a coordinator that died. */
  private static final Duration LEASE_ROUND = Duration.ofSeconds(2);

  private static final Duration LEASE_LIFE = Duration.ofSeconds(7);

  /** A little longer than a take-over lasts. */
  private static final Duration COMMANDS_WAIT = Duration.ofSeconds(12);

  private final StreamsConfig config;
  private final Database database;
  private final Ticker ticker;
  private final List<Component> components;

  StreamParts(StreamsConfig config, Database database, Ticker ticker, List<Component> components) {
    this.config = config;
    this.database = database;
    this.ticker = ticker;
    this.components = components;
  }

  /** For one coordinator on its own. */
  HttpRoutes inMemory(Submissions submissions) {
    return over(new InMemoryTransport(), submissions);
  }

  /**
   * @return what the HTTP port serves of them
   */
  <T extends Transport & Peers & Component> HttpRoutes over(T transport, Submissions submissions) {
    String instance = UUID.randomUUID().toString();
    DatabaseSnapshots snapshots = new DatabaseSnapshots(database, instance);
    LeasedOwnership ownership =
        new LeasedOwnership(database, snapshots, instance, LEASE_ROUND, LEASE_LIFE, ticker);
    StreamEngine engine =
        new StreamEngine(
            settings(),
            instance,
            transport,
            snapshots,
            ownership,
            submissions,
            ticker,
            InstantSource.system(),
            new Random());
    StreamRouter router =
        new StreamRouter(ownership, engine, transport, instance, COMMANDS_WAIT, ticker);
    ownership.tell(engine);
    transport.serve(router);
    transport.serveAs(instance, engine);
    StreamRoutes routes = new StreamRoutes(transport, gateway(), ticker, new Random());
    // What is asked of the transport is answered for as long as it is open.
    components.addAll(List.of(engine, ownership, router, transport, routes));
    return routes;
  }

  private StreamSettings settings() {
    return new StreamSettings(
        config.shards(),
        config.stale(),
        config.sweep(),
        config.grace(),
        config.idleRemoval(),
        config.neverWatched(),
        config.commandRate(),
        config.maxStreams(),
        config.maxWatchers());
  }

  private GatewaySettings gateway() {
    return new GatewaySettings(
        config.maxConnections(), config.ping(), config.heartbeat(), config.stuck());
  }
}
