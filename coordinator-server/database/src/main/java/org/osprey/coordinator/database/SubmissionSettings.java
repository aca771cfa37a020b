package org.osprey.coordinator.database;

import java.time.Duration;

/**
 * How submissions are kept and handled.
 *
 * @param maxStored unfinished actions in the table, about: several coordinators count apart from
 *     each other for a few seconds. More are refused
 * @param maxInFlight accepted and unfinished actions of this process
 * @param maxInFlightBytes their payloads and secrets; one larger action is taken when there is none
 *     other
 * @param claim how long an action stays with a coordinator that fell silent
 * @param closeTimeout the longest time {@link DatabaseSource#close} takes
 */
public record SubmissionSettings(
    int maxStored, int maxInFlight, long maxInFlightBytes, Duration claim, Duration closeTimeout) {

  private static final Duration SHORTEST_CLAIM = Duration.ofSeconds(1);

  public static final SubmissionSettings DEFAULTS =
      new SubmissionSettings(
          1_000_000, 5000, 64L << 20, Duration.ofSeconds(60), Duration.ofSeconds(10));

  public SubmissionSettings {
    atLeastOne("maxStored", maxStored);
    atLeastOne("maxInFlight", maxInFlight);
    atLeastOne("maxInFlightBytes", maxInFlightBytes);
    if (claim.compareTo(SHORTEST_CLAIM) < 0) {
      throw new IllegalArgumentException(
          "submissions.claim must be at least %s, got %s".formatted(SHORTEST_CLAIM, claim));
    }
    if (!closeTimeout.isPositive()) {
      throw new IllegalArgumentException("closeTimeout must be positive, got " + closeTimeout);
    }
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "submissions.%s must be at least 1, got %d".formatted(name, value));
    }
  }
}
