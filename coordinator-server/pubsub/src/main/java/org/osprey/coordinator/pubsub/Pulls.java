package org.osprey.coordinator.pubsub;

import com.google.cloud.pubsub.v1.MessageReceiverWithAckResponse;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pull that is running, if any, and older ones that still keep leases. The connection behind
 * them is opened by the first. Belongs to the source's loop, and after its end to the source.
 */
final class Pulls {
  private final PubsubSettings settings;
  private final Credentials credentials;
  private final CallWatch watch;
  private final MessageReceiverWithAckResponse receiver;
  private final List<Pull> older = new ArrayList<>();
  private @Nullable Connection connection;
  private @Nullable Pull running;

  Pulls(
      PubsubSettings settings,
      Credentials credentials,
      CallWatch watch,
      MessageReceiverWithAckResponse receiver) {
    this.settings = settings;
    this.credentials = credentials;
    this.watch = watch;
    this.receiver = receiver;
  }

  boolean isRunning() {
    return running != null;
  }

  /**
   * @throws IOException naming the setting that is wrong
   */
  void start() throws IOException {
    if (connection == null) {
      connection = Connection.open(settings, credentials, watch);
    }
    watch.reset();
    running = Pull.start(settings, connection, receiver);
  }

  /** For when a connection is missing: the channel's own patience reaches two minutes. */
  void reconnectSoon() {
    if (connection != null) {
      connection.reconnectSoon();
    }
  }

  /** Brings nothing new from now on. */
  void stop() {
    if (running != null) {
      running.stop();
      older.add(running);
      running = null;
    }
  }

  /**
   * Lets go of a pull that the library has given up on, or will when its last message is answered.
   *
   * @return why, or null when there is nothing to let go of
   */
  @Nullable Status abandonFailed() {
    older.removeIf(Pull::hasEnded);
    if (running == null) {
      return null;
    }
    Status end = watch.stream().end();
    boolean fatal = end != null && Troubles.isFatal(end);
    if (!fatal && !running.hasEnded()) {
      return null;
    }
    older.add(running);
    running = null;
    return end == null ? Status.UNKNOWN : end;
  }

  /** Waits until what was answered is said, within the time. */
  void close(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    stop();
    for (Pull pull : older) {
      pull.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    if (connection != null) {
      connection.close();
    }
  }
}
