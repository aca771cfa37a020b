package org.osprey.coordinator.collector;

/** How much an event matters, from little to much. */
public enum Severity {
  DEBUG,
  INFO,
  WARNING,
  ERROR,
  CRITICAL
}
