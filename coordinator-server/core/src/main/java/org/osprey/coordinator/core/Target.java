package org.osprey.coordinator.core;

/** Someone who handles actions: a worker's stream, a service. Its methods must not block. */
public interface Target {

  /** Its address, for people. */
  default String peer() {
    return "";
  }

  /**
   * Hands one action over. When the target is already gone the call does nothing: the dispatcher
   * learns of its end in another way and gives the action to somebody else.
   */
  void lease(Lease lease);

  /** Nothing is out at this target and nothing more will come: end it in good order. */
  void end();
}
