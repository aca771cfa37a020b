package org.osprey.coordinator.app.config;

/** Where what could not be handled is kept. */
public record DeadLettersConfig(Store store) {

  /** What keeps it. */
  public enum Store {
    /** Kafka if that is a source, else NATS if that is, else the database. */
    AUTO,
    KAFKA,
    NATS,
    DATABASE,
    /** Nothing; a line in the log says what is lost. */
    LOG
  }
}
