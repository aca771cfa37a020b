package org.osprey.coordinator.nats;

/**
 * A picture of a source at one moment; the counts are since its start.
 *
 * @param consumed messages that were taken for the first time
 * @param undecodable messages that are no actions
 * @param redelivered messages that came once more, for whatever reason
 * @param postponed how often a message was sent back because its action is not due for long
 * @param inProgressSent how often the server was told that a message is still being worked on
 * @param inFlight accepted and unfinished messages
 * @param inFlightBytes their sizes
 * @param pulling whether more messages are asked for
 * @param backlog messages that wait at the server, as it said last
 */
public record NatsSourceStats(
    long consumed,
    long undecodable,
    long redelivered,
    long postponed,
    long inProgressSent,
    int inFlight,
    long inFlightBytes,
    boolean pulling,
    long backlog) {}
