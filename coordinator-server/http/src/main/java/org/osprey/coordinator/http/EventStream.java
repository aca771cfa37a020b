package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;

/**
 * Server-sent events to one client. Whoever writes waits for a client that does not read; what has
 * left for it is bounded.
 */
public final class EventStream {
  /** Silence after which {@link #heartbeat} is due. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private static final byte[] FIRST = "retry: 2000\n\n".getBytes(UTF_8);
  private static final byte[] STILL_HERE = ": still here\n\n".getBytes(UTF_8);

  /** Bytes. More than one picture, and little enough for hundreds of clients who do not read. */
  private static final int KERNEL_BUFFER = 64 * 1024;

  private final Context context;
  private final int sendBuffer;
  private final EndPoint connection;

  /** Sends nothing yet. */
  public EventStream(Context context) {
    this(context, KERNEL_BUFFER);
  }

  /**
   * Sends nothing yet.
   *
   * @param sendBuffer bytes that the kernel may hold of what leaves
   */
  public EventStream(Context context, int sendBuffer) {
    this.context = context;
    this.sendBuffer = sendBuffer;
    connection = WebSockets.connection(context);
  }

  /**
   * Begins the answer.
   *
   * @throws IOException when the client has gone away
   */
  public void begin() throws IOException {
    WebSockets.limit(connection, sendBuffer);
    context
        .contentType("text/event-stream; charset=utf-8")
        .header("Cache-Control", "no-store")
        .header("Connection", "close")
        .header("X-Accel-Buffering", "no");
    send(FIRST);
  }

  /**
   * @param event complete, with the empty line behind it
   * @throws IOException when the client has gone away
   */
  public void send(byte[] event) throws IOException {
    // Not the context's own stream: that would hold events back to compress them.
    OutputStream out = context.res().getOutputStream();
    out.write(event);
    out.flush();
  }

  /**
   * Shows whether the client is still there.
   *
   * @throws IOException when it is not
   */
  public void heartbeat() throws IOException {
    send(STILL_HERE);
  }

  /** Closes the connection without waiting for it; from any thread. */
  public void cut() {
    connection.close();
  }
}
