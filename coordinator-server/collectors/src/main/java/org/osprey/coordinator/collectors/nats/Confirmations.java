package org.osprey.coordinator.collectors.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Connection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What one channel and the {@link Confirmer} tell each other about events without acks: how far it
 * has sent, over which connection, and how far the server has read. The channel numbers them as it
 * sends them: their tickets.
 */
@ThreadSafe
final class Confirmations {
  private final Runnable wakeConfirmer;
  private volatile @Nullable Mark mark;
  private volatile long confirmed;
  private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();

  /**
   * All before a ticket was put into a connection.
   *
   * @param connection in which the last of them was put; those of other connections are lost
   */
  record Mark(Connection connection, long end) {}

  /** The server took none of these subjects from one ticket to before another. */
  record Refusal(long from, long end, Set<String> subjects) {}

  Confirmations(Runnable wakeConfirmer) {
    this.wakeConfirmer = wakeConfirmer;
  }

  /** The worker, after it sent. */
  void sent(Connection connection, long end) {
    mark = new Mark(connection, end);
    wakeConfirmer.run();
  }

  /** The worker: all before this ticket was read by the server, or lost with a connection. */
  long confirmed() {
    return confirmed;
  }

  /** The worker: null for no more. Look after {@link #confirmed()}. */
  @Nullable Refusal takeRefusal() {
    return refusals.poll();
  }

  /** The confirmer: null when all that was sent over this connection is confirmed. */
  @Nullable Mark open(Connection connection) {
    Mark last = mark;
    return last != null && last.connection.equals(connection) && last.end > confirmed ? last : null;
  }

  /**
   * The confirmer: the server has read everything up to a mark.
   *
   * @param refused subjects that it did not take
   */
  void confirm(Mark read, Set<String> refused) {
    Mark last = mark;
    if (!refused.isEmpty() && last != null) {
      // Some behind the mark may have been refused, too.
      refusals.add(new Refusal(confirmed, Math.max(read.end, last.end), refused));
    }
    confirmed = read.end;
  }
}
