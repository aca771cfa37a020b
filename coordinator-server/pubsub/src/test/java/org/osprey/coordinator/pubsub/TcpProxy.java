package org.osprey.coordinator.pubsub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a local server; can cut all connections and refuse new ones. */
final class TcpProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  TcpProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Resets what is connected. */
  void cut() {
    open.forEach(TcpProxy::reset);
    open.clear();
  }

  /** Whether to reset whoever connects. */
  void setRefusing(boolean wanted) {
    refusing = wanted;
    if (wanted) {
      cut();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        connect(server.accept());
      } catch (IOException e) {
        // The next one, or the end.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    if (refusing) {
      reset(client);
      return;
    }
    Socket upstream = new Socket();
    upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
    open.add(client);
    open.add(upstream);
    Thread.ofVirtual().start(() -> copy(client, upstream));
    Thread.ofVirtual().start(() -> copy(upstream, client));
  }

  private static void copy(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // Cut.
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }
}
