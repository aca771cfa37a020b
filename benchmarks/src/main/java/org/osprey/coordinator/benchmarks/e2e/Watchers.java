package org.osprey.coordinator.benchmarks.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * People who have the dashboard open, as cheap as can be: one thread reads what all of them are
 * sent and throws it away.
 */
final class Watchers implements AutoCloseable {
  /** Opens the live picture. */
  static final byte[] REQUEST =
      "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
          .getBytes(US_ASCII);

  private final Selector selector = Selector.open();
  private final List<SocketChannel> connections = new ArrayList<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger dropped = new AtomicInteger();
  private final Thread reader = new Thread(this::read, "watchers");
  private volatile boolean closed;

  /** Returns when each of them is connected. */
  Watchers(int port, int watchers) throws IOException {
    for (int i = 0; i < watchers; i++) {
      SocketChannel connection = open(port);
      connection.configureBlocking(false);
      connection.register(selector, SelectionKey.OP_READ);
    }
    reader.setDaemon(true);
    reader.start();
  }

  private SocketChannel open(int port) throws IOException {
    SocketChannel connection = SocketChannel.open();
    connections.add(connection);
    connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    connection.write(ByteBuffer.wrap(REQUEST));
    return connection;
  }

  /** What those who read were sent so far. */
  long bytes() {
    return bytes.get();
  }

  /** How many of those who read were disconnected. */
  int dropped() {
    return dropped.get();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    for (SocketChannel connection : connections) {
      connection.close();
    }
    selector.close();
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    while (!closed) {
      try {
        selector.select(key -> read(key, buffer));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void read(SelectionKey key, ByteBuffer buffer) {
    buffer.clear();
    try {
      int read = ((SocketChannel) key.channel()).read(buffer);
      if (read >= 0) {
        bytes.addAndGet(read);
        return;
      }
    } catch (IOException e) {
      // The same as an end.
    }
    key.cancel();
    dropped.incrementAndGet();
  }
}
