package org.osprey.coordinator.replica.event;

import java.time.Instant;

/**
 * An event as it is stored.
 *
 * @param position among all events, from 1; later events of a stream have greater ones, and there
 *     may be holes
 * @param streamId what the event is about
 * @param version its number in the stream, from 1 without holes
 * @param slot that of the stream
 * @param recordedAt when its transaction began, by the clock of the database
 */
@SuppressWarnings("ArrayRecordComponent") // read once, by one handler
public record PersistedEvent(
    long position,
    String streamId,
    long version,
    int slot,
    String type,
    byte[] data,
    byte[] metadata,
    Instant recordedAt) {}
