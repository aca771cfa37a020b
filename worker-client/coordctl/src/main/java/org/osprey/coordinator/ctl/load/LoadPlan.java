package org.osprey.coordinator.ctl.load;

import java.time.Duration;

/**
 * How much load.
 *
 * @param callers calls that may be out at a time
 * @param rate calls a second; 0 for as many as the callers manage
 * @param warmUp is not measured
 * @param duration that is
 */
public record LoadPlan(int callers, double rate, Duration warmUp, Duration duration) {}
