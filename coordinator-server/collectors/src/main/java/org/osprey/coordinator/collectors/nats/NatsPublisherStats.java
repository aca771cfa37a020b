package org.osprey.coordinator.collectors.nats;

/**
 * How publishing stands, since the start.
 *
 * @param publishErrors events whose sending failed, counted each time
 * @param reconnects connections that were made in place of another
 * @param inFlight events that were sent and are not settled
 * @param unconfirmedLost events that the broken connection may or may not have delivered
 */
public record NatsPublisherStats(
    boolean connected, long publishErrors, long reconnects, long inFlight, long unconfirmedLost) {}
