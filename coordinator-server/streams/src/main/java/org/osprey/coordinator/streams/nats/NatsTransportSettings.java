package org.osprey.coordinator.streams.nats;

import java.time.Duration;

/**
 * How streams go over NATS.
 *
 * @param requestTimeout how long an answer is waited for
 * @param maxUnderWay commands that wait for their answer at once, those that came in and those that
 *     were sent out each
 * @param stalledAfter how long the server may leave an echo unanswered; then updates are left out
 *     until it answers again, so that they do not pile up for it
 */
public record NatsTransportSettings(
    Duration requestTimeout, int maxUnderWay, Duration stalledAfter) {
  public static final NatsTransportSettings DEFAULTS =
      new NatsTransportSettings(Duration.ofSeconds(3), 10_000, Duration.ofSeconds(2));

  public NatsTransportSettings {
    requirePositive("requestTimeout", requestTimeout);
    requirePositive("stalledAfter", stalledAfter);
    if (maxUnderWay < 1) {
      throw new IllegalArgumentException(
          "maxUnderWay must be at least 1, got %d".formatted(maxUnderWay));
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s must be positive, got %s".formatted(name, value));
    }
  }
}
