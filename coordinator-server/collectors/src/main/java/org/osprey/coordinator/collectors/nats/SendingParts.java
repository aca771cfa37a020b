package org.osprey.coordinator.collectors.nats;

import java.util.function.DoubleSupplier;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsConnection;

/**
 * What a channel sends with; all but the ways is shared with other channels.
 *
 * @param random in [0, 1), for the jitter of waits
 */
record SendingParts(
    NatsConnection connection,
    Ways ways,
    PublishCounts counts,
    Ticker ticker,
    DoubleSupplier random) {}
