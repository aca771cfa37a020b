package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/** The live picture as server-sent events. */
public final class WatchRoutes implements HttpRoutes {
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final byte[] FIRST = "retry: 2000\n\n".getBytes(UTF_8);
  private static final byte[] STILL_HERE = ": still here\n\n".getBytes(UTF_8);

  /** Bytes. More than one picture, and little enough for hundreds of watchers who do not read. */
  private static final int KERNEL_BUFFER = 64 * 1024;

  private final Watchers watchers;

  public WatchRoutes(Watchers watchers) {
    this.watchers = watchers;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/api/events", this::watch);
  }

  private void watch(Context context) throws InterruptedException {
    EndPoint connection =
        ServletContextRequest.getServletContextRequest(context.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    Watcher watcher = watchers.join(connection::close);
    try {
      bound(connection);
      write(watcher, begin(context));
    } catch (IOException e) {
      // It went away, which is how most of them end.
    } finally {
      watchers.leave(watcher);
    }
  }

  private static void bound(EndPoint connection) throws IOException {
    if (connection.getTransport() instanceof SocketChannel channel) {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BUFFER);
    }
  }

  private static OutputStream begin(Context context) throws IOException {
    context
        .contentType("text/event-stream; charset=utf-8")
        .header("Cache-Control", "no-store")
        .header("Connection", "close")
        .header("X-Accel-Buffering", "no");
    // Not the context's own stream: that would hold events back to compress them.
    OutputStream out = context.res().getOutputStream();
    out.write(FIRST);
    out.flush();
    return out;
  }

  private static void write(Watcher watcher, OutputStream out)
      throws IOException, InterruptedException {
    while (!watcher.ended()) {
      byte[] picture = watcher.next(HEARTBEAT);
      if (!watcher.ended()) {
        out.write(picture == null ? STILL_HERE : picture);
        out.flush();
      }
    }
  }
}
