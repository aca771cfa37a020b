package org.osprey.coordinator.ctl.top;

import tools.jackson.databind.JsonNode;

/** What a coordinator looks like, about once a second. Belongs to one thread. */
public interface Pictures extends AutoCloseable {

  /**
   * Waits for the next one: a {@code Picture} of openapi.yaml, perhaps without {@code latency}.
   *
   * @throws org.osprey.coordinator.ctl.console.Failure when none can be had
   * @throws InterruptedException when the thread is, or was while it waited
   */
  JsonNode next() throws InterruptedException;

  @Override
  void close();
}
