package org.osprey.coordinator.rpc;

import java.io.IOException;
import java.time.Duration;

/**
 * Something that no honest client does, again and again until the server closes the connection.
 *
 * @param row of the fault table
 */
public record Attack(String row, String name, Prelude prelude, Flood flood) {
  /** Frames between two flushes. */
  private static final int BATCH = 256;

  /** What is sent once. */
  interface Prelude {
    void send(RawHttp2 client, String path) throws IOException;
  }

  /** What is sent with each turn, which count from 0. */
  interface Flood {
    void send(RawHttp2 client, String path, int turn) throws IOException;
  }

  /**
   * How it went.
   *
   * @param cut by the server
   * @param after from the beginning of the flood
   * @param turns of the flood that were sent, or lay in buffers
   * @param goAway the code the server gave, -1 for none
   */
  public record Result(boolean cut, Duration after, long turns, int goAway) {}

  /**
   * Attacks a port of the loopback interface until the server has enough.
   *
   * @param path of a method, as in {@code :path}
   */
  public Result run(int port, String path, Duration limit) throws IOException {
    Sender sender = new Sender(RawHttp2.connect(port), path);
    Thread sending = Thread.ofVirtual().unstarted(sender);
    long began = System.nanoTime();
    long cutAt;
    try (RawHttp2 client = sender.client) {
      sending.start();
      cutAt = client.awaitCut(limit.toMillis());
    }
    join(sending);
    Duration after = cutAt < 0 ? limit : Duration.ofNanos(cutAt - began);
    return new Result(cutAt >= 0, after, sender.turns, sender.client.goAway());
  }

  @Override
  public String toString() {
    return row + " " + name;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Blocks where the server no longer reads, until the socket is closed. */
  private final class Sender implements Runnable {
    private final RawHttp2 client;
    private final String path;
    private volatile int turns;

    Sender(RawHttp2 client, String path) {
      this.client = client;
      this.path = path;
    }

    @Override
    public void run() {
      try {
        prelude.send(client, path);
        for (int turn = 0; !client.isCut(); turn++) {
          flood.send(client, path, turn);
          if (turn % BATCH == 0) {
            client.flush();
            turns = turn;
          }
        }
      } catch (IOException e) {
        // The server has cut it, or the time is over.
      }
    }
  }
}
