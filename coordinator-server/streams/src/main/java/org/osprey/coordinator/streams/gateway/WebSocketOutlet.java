package org.osprey.coordinator.streams.gateway;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/** To a WebSocket. */
final class WebSocketOutlet implements Outlet {
  /** Bytes of a close frame's reason, by RFC 6455. */
  private static final int MOST_REASON = 123;

  private static final int MOST_INCOMING = 4 * 1024;

  private volatile @Nullable Session session;

  /** The pump decides when a socket is idle for too long. */
  void open(Session opened) {
    opened.setIdleTimeout(Duration.ZERO);
    opened.setMaxTextMessageSize(MOST_INCOMING);
    opened.setMaxBinaryMessageSize(MOST_INCOMING);
    opened.setMaxFrameSize(MOST_INCOMING);
    session = opened;
  }

  @Override
  public void send(Frame frame, Runnable done) {
    Session open = session;
    if (open != null) {
      open.sendText(frame.json(), Callback.from(done, failure -> open.disconnect()));
    }
  }

  @Override
  public void ping(Runnable done) {
    Session open = session;
    if (open != null) {
      open.sendPing(ByteBuffer.allocate(0), Callback.from(done, failure -> open.disconnect()));
    }
  }

  @Override
  public void end(int code, String reason) {
    Session open = session;
    if (open != null) {
      open.close(code, shortened(reason), Callback.from(() -> {}, failure -> open.disconnect()));
    }
  }

  @Override
  public void cut() {
    Session open = session;
    if (open != null) {
      open.disconnect();
    }
  }

  @Override
  public Kind kind() {
    return Kind.WS;
  }

  private static String shortened(String reason) {
    String plain = reason.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.substring(0, Math.min(plain.length(), MOST_REASON));
  }
}
