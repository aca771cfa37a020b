package org.osprey.coordinator.app.config;

import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/**
 * Scheduled streams: scenes on a clock that runs while somebody watches.
 *
 * @param natsServers empty: commands and updates stay in this process
 */
public record StreamsConfig(
    @Variable("OSPREY_COORDINATOR_STREAMS") boolean enabled,
    @Variable("NATS_URL") List<String> natsServers,
    int shards,
    Duration stale,
    Duration sweep,
    Duration grace,
    Duration idleRemoval,
    Duration neverWatched,
    int commandRate,
    int maxStreams,
    int maxWatchers,
    int maxConnections,
    Duration ping,
    Duration heartbeat,
    Duration stuck) {

  private static final int MAX_SHARDS = 64;
  private static final int MAX_RATE = 1_000_000;

  public StreamsConfig {
    Rules rules =
        new Rules()
            .between(1, MAX_SHARDS, shards, "shards")
            .positive(stale, "stale")
            .positive(sweep, "sweep")
            .that(!grace.isNegative(), grace, "0s or longer", "grace")
            .positive(idleRemoval, "idleRemoval")
            .positive(neverWatched, "neverWatched")
            .between(1, MAX_RATE, commandRate, "commandRate")
            .atLeast(1, maxStreams, "maxStreams")
            .atLeast(1, maxWatchers, "maxWatchers")
            .atLeast(1, maxConnections, "maxConnections")
            .positive(ping, "ping")
            .positive(heartbeat, "heartbeat")
            .positive(stuck, "stuck")
            .that(
                ping.compareTo(heartbeat) <= 0, ping, "a duration up to that of heartbeat", "ping")
            .that(
                heartbeat.compareTo(stale) < 0,
                heartbeat,
                "a duration shorter than stale",
                "heartbeat");
    natsServers.forEach(server -> NatsConfig.checkServer(rules, server, "natsServers"));
    rules.check();
    natsServers = List.copyOf(natsServers);
  }
}
