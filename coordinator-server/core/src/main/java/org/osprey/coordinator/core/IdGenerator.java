package org.osprey.coordinator.core;

/** Makes ids for actions that come without one. */
@FunctionalInterface
public interface IdGenerator {

  /** An id nobody else was given. Never blocks: event loops call it. */
  long next();
}
