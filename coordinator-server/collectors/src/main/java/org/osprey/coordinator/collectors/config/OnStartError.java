package org.osprey.coordinator.collectors.config;

/** What happens when a collector cannot start. */
public enum OnStartError {
  /** It is tried again, after a pause that grows. */
  RETRY,
  /** It stays as it is, and the others run. */
  IGNORE,
  /** The coordinator does not start; later on it is tried again. */
  FAIL
}
