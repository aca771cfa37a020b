package org.osprey.coordinator.core;

/** A clock that only ever goes forward; its zero means nothing. */
@FunctionalInterface
public interface Ticker {

  /** Nanoseconds. */
  long nanos();

  static Ticker system() {
    return System::nanoTime;
  }
}
