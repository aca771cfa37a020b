package org.osprey.coordinator.core;

import java.util.List;

/**
 * Tells those who look for a coordinator where this one is. The constructor does no I/O; methods
 * return at once unless they say otherwise, and announcing goes on in the background until it
 * succeeds, and for as long as it is wanted.
 */
public interface Announcer {

  /** Called once, when every endpoint accepts. */
  void announce(List<Endpoint> endpoints);

  /** From now on says that nobody new should come. May be repeated. */
  void markDraining();

  /** Takes the announcement back and stops. Blocks for a bounded time; may be repeated. */
  void withdraw();

  /** Never throws. */
  Check check();

  /**
   * One port with its service.
   *
   * @param service the name clients look for
   */
  record Endpoint(String service, int port) {}
}
