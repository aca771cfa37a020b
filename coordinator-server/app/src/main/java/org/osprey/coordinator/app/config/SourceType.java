package org.osprey.coordinator.app.config;

/** What the coordinator can take actions from, besides its callers. */
public enum SourceType {
  /** Nothing: only callers. */
  NONE,
  KAFKA,
  PUBSUB,
  NATS
}
