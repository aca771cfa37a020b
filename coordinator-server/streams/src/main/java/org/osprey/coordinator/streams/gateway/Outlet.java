package org.osprey.coordinator.streams.gateway;

/**
 * The way to one who watches. Nothing here blocks. Of frames and pings one is on its way at a time.
 */
interface Outlet {

  /** By what one watches. */
  enum Kind {
    WS,
    SSE
  }

  /**
   * @param done called once on any thread when it has left; not called when the connection ends
   */
  void send(Frame frame, Runnable done);

  /**
   * Asks for a sign of life.
   *
   * @param done as for {@link #send}
   */
  void ping(Runnable done);

  /**
   * Ends it in good order.
   *
   * @param code of a WebSocket's close
   * @param reason for people
   */
  void end(int code, String reason);

  /** Ends it at once. */
  void cut();

  Kind kind();
}
