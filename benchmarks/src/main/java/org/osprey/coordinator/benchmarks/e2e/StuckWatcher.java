package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Somebody who has the dashboard open and never reads what is sent. */
final class StuckWatcher implements AutoCloseable {
  private static final int TINY = 4 * 1024;
  private static final int PATIENCE_MILLIS = 3_000;

  /** More than the kernels hold back for it. */
  private static final int MOST_BYTES = 16 << 20;

  private final Socket connection = new Socket();

  StuckWatcher(int port) throws IOException {
    connection.setReceiveBufferSize(TINY);
    connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    connection.getOutputStream().write(Watchers.REQUEST);
  }

  /**
   * Whether the coordinator has ended the connection; what it sent before that is read to find out.
   */
  boolean isDropped() throws IOException {
    connection.setSoTimeout(PATIENCE_MILLIS);
    InputStream in = connection.getInputStream();
    byte[] buffer = new byte[TINY];
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    try {
      for (int read = 0; read < MOST_BYTES && System.nanoTime() - end < 0; ) {
        int more = in.read(buffer);
        if (more < 0) {
          return true;
        }
        read += more;
      }
      return false;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
