package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;

/** Where actions are kept that are sent over HTTP and answered for at once. */
public record SubmissionsConfig(
    Store store, int maxStored, int maxInFlight, ByteSize maxInFlightBytes, Duration claim) {

  /** What keeps them until they are handled. */
  public enum Store {
    /** Kafka if that is a source, else NATS if that is, else the database. */
    AUTO,
    KAFKA,
    NATS,
    DATABASE
  }

  public SubmissionsConfig {
    new Rules()
        .atLeast(1, maxStored, "maxStored")
        .atLeast(1, maxInFlight, "maxInFlight")
        .positive(maxInFlightBytes, "maxInFlightBytes")
        .that(
            claim.compareTo(Duration.ofSeconds(1)) >= 0, claim, "a duration of 1s or more", "claim")
        .check();
  }
}
