package org.osprey.coordinator.collectors.nats;

/** Whether events go into streams, where they are acked. */
public enum JetStreamMode {
  /** Those whose subject a stream takes do. */
  AUTO,
  /** All do, and wait while no stream takes their subject. */
  ON,
  /** None does by us: at most once over a broken connection. */
  OFF
}
