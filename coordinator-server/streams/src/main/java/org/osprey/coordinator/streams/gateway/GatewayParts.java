package org.osprey.coordinator.streams.gateway;

import java.util.random.RandomGenerator;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.streams.Transport;

/** What the classes of the gateway share. */
record GatewayParts(
    Transport transport,
    GatewaySettings settings,
    GatewayCounts counts,
    Ticker ticker,
    RandomGenerator random) {}
