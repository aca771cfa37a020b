package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that watch over WebSockets; one thread reads for all of them. */
final class WebSocketWatchers implements AutoCloseable {
  private final Selector selector = Selector.open();
  private final List<WebSocketConnection> connections = new ArrayList<>();
  private final AtomicInteger dropped = new AtomicInteger();
  private final Thread reader = new Thread(this::read, "web-socket-watchers");
  private volatile boolean closed;

  /**
   * Returns when each of them is told of its stream.
   *
   * @param streams the stream of each
   */
  WebSocketWatchers(int port, Arrivals arrivals, List<String> streams)
      throws IOException, InterruptedException {
    reader.setDaemon(true);
    reader.start();
    try {
      for (int i = 0; i < streams.size(); i++) {
        open(port, streams.get(i), i, arrivals);
      }
      arrivals.awaitBegun();
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void open(int port, String stream, int watcher, Arrivals arrivals) throws IOException {
    WebSocketConnection connection =
        WebSocketConnection.open(
            port,
            path(stream),
            (bytes, from, to) -> StateFrame.read(bytes, from, to, watcher, arrivals));
    connections.add(connection);
    connection.channel().configureBlocking(false);
    connection.channel().register(selector, SelectionKey.OP_READ, connection);
    selector.wakeup();
  }

  static String path(String stream) {
    return "/streams/" + stream + "/ws";
  }

  /** How many were disconnected. */
  int dropped() {
    return dropped.get();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    for (WebSocketConnection connection : connections) {
      connection.close();
    }
    selector.close();
  }

  private void read() {
    while (!closed) {
      try {
        selector.select(this::read);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void read(SelectionKey key) {
    try {
      if (((WebSocketConnection) key.attachment()).read()) {
        return;
      }
    } catch (IOException e) {
      // The same as an end.
    }
    key.cancel();
    dropped.incrementAndGet();
  }
}
