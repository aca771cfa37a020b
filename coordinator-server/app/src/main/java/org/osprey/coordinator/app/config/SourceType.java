package org.osprey.coordinator.app.config;

/** What the coordinator can take actions from, besides its callers. */
public enum SourceType {
  /** Nothing: only callers. */
  NONE,
  KAFKA,
  PUBSUB,
  NATS;

  /** Whether this build has it; the others are names that deployments already use. */
  boolean builtIn() {
    return this == NONE || this == KAFKA;
  }
}
