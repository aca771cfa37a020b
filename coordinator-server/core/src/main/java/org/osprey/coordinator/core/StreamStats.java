package org.osprey.coordinator.core;

import java.time.Duration;

/**
 * A connected stream at one moment.
 *
 * @param id unique within this run
 * @param clientId what the worker calls itself
 * @param peer its address, for people
 * @param names the actions it takes
 * @param credits how many actions may be out at it at a time
 * @param inFlight how many are
 * @param connected how long it has been here
 * @param silent since when it has not said anything
 */
public record StreamStats(
    long id,
    String clientId,
    String peer,
    ActionNames names,
    int credits,
    int inFlight,
    long acks,
    long nacks,
    Duration connected,
    Duration silent) {}
