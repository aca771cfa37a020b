package org.osprey.coordinator.streams.gateway;

import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * Tells the pump what becomes of a WebSocket. Pings of the client are answered by Jetty, which is
 * also why this is public.
 */
public final class SocketListener implements Session.Listener.AutoDemanding {
  private final WatcherPump pump;
  private final Watcher watcher;
  private final WebSocketOutlet outlet;

  SocketListener(WatcherPump pump, Watcher watcher, WebSocketOutlet outlet) {
    this.pump = pump;
    this.watcher = watcher;
    this.outlet = outlet;
  }

  @Override
  public void onWebSocketOpen(Session session) {
    outlet.open(session);
    pump.join(watcher);
  }

  @Override
  public void onWebSocketPong(ByteBuffer payload) {
    watcher.heard();
  }

  /** What a client says is no more than a sign of life. */
  @Override
  public void onWebSocketText(String message) {
    watcher.heard();
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    watcher.heard();
    callback.succeed();
  }

  /** The close that follows says all that matters. */
  @Override
  public void onWebSocketError(Throwable cause) {}

  @Override
  public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
    pump.leave(watcher);
    callback.succeed();
  }
}
