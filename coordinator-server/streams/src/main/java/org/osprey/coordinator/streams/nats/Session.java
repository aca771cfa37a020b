package org.osprey.coordinator.streams.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What is subscribed through one connection; the client itself subscribes it again when that
 * connection was interrupted. Belongs to the transport's loop. Everything may throw {@link
 * IllegalStateException} when the connection is lost, and can then be tried again.
 */
final class Session {
  /** Of one dispatcher, before it drops them. */
  private static final long MOST_PENDING = 100_000;

  private static final long MOST_PENDING_BYTES = 64L << 20;
  private static final byte[] NOTHING = {};

  private final Connection connection;
  private final Dispatcher updates;
  private final Dispatcher commands;
  private final Dispatcher echo;
  private final Set<String> followed = new HashSet<>();
  private final String echoes;
  private int routes;

  Session(Connection connection, MessageHandler updateHandler) {
    this.connection = connection;
    updates = limited(connection.createDispatcher(updateHandler));
    // One for all commands, so that those of one client stay in their order.
    commands = limited(connection.createDispatcher());
    echoes = connection.createInbox();
    // One of its own, so that an echo waits for nothing that is done here.
    echo =
        connection.createDispatcher(message -> connection.publish(message.getReplyTo(), NOTHING));
  }

  boolean isOf(Connection other) {
    return connection.equals(other);
  }

  /**
   * @param wanted those of the last time, and perhaps more
   */
  void serve(List<Route> wanted) {
    // Nothing happens where it is subscribed already.
    Dispatcher unused = echo.subscribe(echoes);
    for (; routes < wanted.size(); routes++) {
      wanted.get(routes).subscribe(commands);
    }
  }

  /** Begins or ends the subscription to the updates of a stream. */
  void follow(String streamId, boolean wanted) {
    if (wanted && !followed.contains(streamId)) {
      updates.subscribe(Subjects.updates(streamId));
      followed.add(streamId);
    } else if (!wanted && followed.contains(streamId)) {
      updates.unsubscribe(Subjects.updates(streamId));
      followed.remove(streamId);
    }
  }

  /**
   * Completes when the server knows all that was subscribed before. A flush would not say that:
   * right after a reconnect its ping overtakes subscriptions, and messages do not.
   */
  CompletableFuture<Message> echo() {
    return connection.request(echoes, NOTHING);
  }

  /**
   * Takes no more commands.
   *
   * @return whether all that came are handed on
   */
  boolean drainCommands(Duration atMost) throws InterruptedException {
    try {
      return commands.drain(atMost).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (IllegalStateException | ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /** Ends what is left, after what was answered is sent. */
  void close(Duration atMost) throws InterruptedException {
    try {
      connection.closeDispatcher(updates);
      connection.closeDispatcher(echo);
      connection.flush(atMost);
    } catch (IllegalStateException | TimeoutException e) {
      // Without a connection nothing is subscribed either.
    }
  }

  private static Dispatcher limited(Dispatcher dispatcher) {
    dispatcher.setPendingLimits(MOST_PENDING, MOST_PENDING_BYTES);
    return dispatcher;
  }
}
