package org.osprey.coordinator.core;

/** A part of the coordinator that reaches out. The constructor does no I/O. */
public interface Component extends AutoCloseable {

  /** Begins to work; called once, and before anything else uses it. */
  default void start() {}

  /** Never throws. */
  Check check();

  /** Bounded in time; may be repeated. */
  @Override
  void close();
}
