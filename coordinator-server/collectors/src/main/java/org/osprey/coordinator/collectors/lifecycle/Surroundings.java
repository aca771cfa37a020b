package org.osprey.coordinator.collectors.lifecycle;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.collectors.flow.Flows;
import org.osprey.coordinator.collectors.flow.Positions;
import org.osprey.coordinator.core.Ticker;

/**
 * What every collector is run with.
 *
 * @param random safe for use by many threads
 * @param wake has the loop look at collectors soon
 */
record Surroundings(
    Flows flows,
    Positions positions,
    Ticker ticker,
    InstantSource clock,
    RandomGenerator random,
    LifecycleLimits limits,
    Runnable wake) {}
