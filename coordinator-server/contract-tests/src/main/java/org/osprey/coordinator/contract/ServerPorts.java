package org.osprey.coordinator.contract;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports for servers that are stopped and started again in a test. They are not among those
 * that systems give to connections: while a server is down, a connection would have its port, even
 * one to itself.
 */
public final class ServerPorts {
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 31_999;
  private static final int TRIES = 100;

  private ServerPorts() {}

  /** A socket of the loopback interface that keeps its port for whoever closes it. */
  public static ServerSocket reserve() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
      try {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
      } catch (BindException e) {
        // It is somebody's.
      }
    }
    throw new IOException("no free port from %d to %d".formatted(LOWEST, HIGHEST));
  }
}
