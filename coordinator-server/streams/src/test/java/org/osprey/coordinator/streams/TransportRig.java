package org.osprey.coordinator.streams;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Component;

/** Makes coordinators that reach each other, for one test. */
public interface TransportRig extends AutoCloseable {

  /** One coordinator's way in and out. */
  record Node(Transport transport, Peers peers, Component component) {
    public static <T extends Transport & Peers & Component> Node of(T transport) {
      return new Node(transport, transport, transport);
    }
  }

  /**
   * Returns when it is ready.
   *
   * @param served null for one that serves nothing
   * @param instance null for one that has no name
   */
  Node node(@Nullable StreamCommands served, @Nullable String instance);

  /** Closes all that it made. */
  @Override
  void close();
}
