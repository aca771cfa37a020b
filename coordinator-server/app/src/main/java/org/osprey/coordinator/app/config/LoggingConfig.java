package org.osprey.coordinator.app.config;

import org.osprey.coordinator.settings.Variable;

/** What the log looks like. */
public record LoggingConfig(
    @Variable("OSPREY_COORDINATOR_LOG_FORMAT") Format format,
    @Variable("OSPREY_COORDINATOR_LOG_LEVEL") Level level) {

  /** The form of a line. */
  public enum Format {
    /** For people: words and key=value pairs. */
    TEXT,
    /** For machines: an object. */
    JSON
  }

  /** The least important lines that are written. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }
}
