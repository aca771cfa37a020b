package org.osprey.coordinator.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network in between that can fall silent or be cut. Silent means that bytes are taken and go
 * nowhere, as behind a pulled cable: neither side is told.
 */
final class TcpProxy implements AutoCloseable {
  private final ServerSocket server;
  private volatile int targetPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition voice = lock.newCondition();
  private boolean silent;

  private TcpProxy(ServerSocket server, int targetPort) {
    this.server = server;
    this.targetPort = targetPort;
  }

  static TcpProxy to(int targetPort) {
    try {
      ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
      TcpProxy proxy = new TcpProxy(server, targetPort);
      Thread.ofVirtual().start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  String target() {
    return "127.0.0.1:" + port();
  }

  /** New connections go to another port. */
  void redirect(int port) {
    targetPort = port;
  }

  /** Nothing gets through any more, and nobody notices. */
  void fallSilent() {
    setSilent(true);
  }

  void speakAgain() {
    setSilent(false);
  }

  /** Resets every connection. */
  void cut() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        // Its pump was faster: an end that broke has closed both.
      }
    }
    sockets.clear();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    setSilent(false);
    cut();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        connect(server.accept());
      } catch (IOException e) {
        // The target is down or the proxy is closed: the client sees a connection that ends.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket target = new Socket();
    try {
      target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
    } catch (IOException e) {
      client.close();
      throw e;
    }
    sockets.add(client);
    sockets.add(target);
    Thread.ofVirtual().start(() -> pump(client, target));
    Thread.ofVirtual().start(() -> pump(target, client));
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitVoice();
        out.write(buffer, 0, read);
      }
    } catch (IOException | InterruptedException e) {
      // Cut: by a peer, or by us.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void awaitVoice() throws InterruptedException {
    lock.lock();
    try {
      while (silent) {
        voice.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void setSilent(boolean wanted) {
    lock.lock();
    try {
      silent = wanted;
      voice.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
