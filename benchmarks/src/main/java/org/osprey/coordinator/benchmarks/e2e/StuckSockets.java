package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clients that watch over WebSockets and never read. What they hold is asked of the kernel. */
final class StuckSockets implements AutoCloseable {
  private static final int RECEIVE_BUFFER = 4 * 1024;
  private static final long STEP_MILLIS = 250;

  private final int port;
  private final List<Stuck> stuck = new ArrayList<>();
  private long mostToSend;

  private static final class Stuck {
    private final WebSocketConnection connection;
    private long sent;
    private long progressAt = System.nanoTime();
    private long endedAt;

    private Stuck(WebSocketConnection connection) {
      this.connection = connection;
    }
  }

  /**
   * @param streams the stream of each
   */
  StuckSockets(int port, List<String> streams) throws IOException {
    this.port = port;
    for (String stream : streams) {
      stuck.add(
          new Stuck(
              WebSocketConnection.open(port, WebSocketWatchers.path(stream), RECEIVE_BUFFER)));
    }
  }

  /** Looks at them for so long, or until the coordinator has ended all of them. */
  void watch(Duration most) throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (ended() < stuck.size() && System.nanoTime() - began < most.toNanos()) {
      TcpQueues queues = TcpQueues.now();
      for (Stuck one : stuck) {
        look(one, queues);
      }
      Thread.sleep(STEP_MILLIS);
    }
  }

  private void look(Stuck one, TcpQueues queues) throws IOException {
    int clientPort = one.connection.localPort();
    TcpQueues.Connection server = queues.find(port, clientPort);
    TcpQueues.Connection client = queues.find(clientPort, port);
    long now = System.nanoTime();
    if (server == null) {
      one.endedAt = one.endedAt == 0 ? now : one.endedAt;
      return;
    }
    mostToSend = Math.max(mostToSend, server.toSend());
    long sent = server.toSend() + (client == null ? 0 : client.toRead());
    if (sent > one.sent) {
      one.sent = sent;
      one.progressAt = now;
    }
  }

  int ended() {
    return (int) stuck.stream().filter(one -> one.endedAt != 0).count();
  }

  /** KiB that the coordinator's side of the kernel held for one at most. */
  double mostToSendKib() {
    return mostToSend / 1024.0;
  }

  /** From the last byte that one of them was sent to its end, at the longest. */
  double longestSeconds() {
    return stuck.stream()
        .filter(one -> one.endedAt != 0)
        .mapToDouble(one -> (one.endedAt - one.progressAt) / 1e9)
        .max()
        .orElse(Double.NaN);
  }

  @Override
  public void close() throws IOException {
    for (Stuck one : stuck) {
      one.connection.close();
    }
  }
}
