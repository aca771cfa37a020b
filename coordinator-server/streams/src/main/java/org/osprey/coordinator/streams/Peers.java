package org.osprey.coordinator.streams;

/** How coordinators that share streams reach each other. */
public interface Peers {

  /**
   * Where commands go that others send to this coordinator. Called once.
   *
   * @param instance its name among them
   */
  void serveAs(String instance, StreamCommands owned);

  /**
   * The way to another coordinator. A reply is {@code UNAVAILABLE} when it is certain that the
   * other did not get the command, and {@code UNKNOWN} when its answer does not come in time.
   */
  StreamCommands peer(String instance);
}
