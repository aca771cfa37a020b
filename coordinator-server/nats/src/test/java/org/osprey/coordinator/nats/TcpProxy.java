package org.osprey.coordinator.nats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A way to a server that can be cut: bytes then go nowhere, and connections stay open. */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final List<Socket> sockets = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition healed = lock.newCondition();
  private boolean cut;

  public TcpProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::accept);
  }

  public String url() {
    return "nats://127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on nothing comes through, in either direction. */
  public void cut() {
    setCut(true);
  }

  /** What was held up comes through late, as on a real network. */
  public void heal() {
    setCut(false);
  }

  @Override
  public void close() throws IOException {
    heal();
    listener.close();
    lock.lock();
    try {
      for (Socket socket : sockets) {
        socket.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private void setCut(boolean value) {
    lock.lock();
    try {
      cut = value;
      healed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() throws IOException, InterruptedException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      awaitHealed();
      try {
        connect(client);
      } catch (IOException e) {
        // The server is down, and so the caller finds it.
        client.close();
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    lock.lock();
    try {
      sockets.add(client);
      sockets.add(server);
    } finally {
      lock.unlock();
    }
    start("up", () -> copy(client, server));
    start("down", () -> copy(server, client));
  }

  private void copy(Socket from, Socket to) throws IOException, InterruptedException {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      for (int read = from.getInputStream().read(buffer);
          read >= 0;
          read = from.getInputStream().read(buffer)) {
        awaitHealed();
        to.getOutputStream().write(buffer, 0, read);
      }
    }
  }

  private void awaitHealed() throws InterruptedException {
    lock.lock();
    try {
      while (cut) {
        healed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void start(String name, Work work) {
    Thread.ofPlatform()
        .daemon()
        .name("proxy-" + name)
        .start(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of the two ends is gone.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Something that ends with its sockets. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException, InterruptedException;
  }
}
