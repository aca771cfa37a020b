package org.osprey.coordinator.app.config;

/** Where the results of workers are published. */
public record ResultsConfig(Sink sink, boolean includeVerdicts) {

  /** What takes them. */
  public enum Sink {
    /** Kafka if that is a source, else NATS if that is, else nothing. */
    AUTO,
    NONE,
    KAFKA,
    NATS
  }
}
