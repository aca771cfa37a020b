package org.osprey.coordinator.streams.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.streams.StreamCommands.UnreachableException;
import org.osprey.coordinator.streams.Transport.Watch;
import org.osprey.coordinator.streams.UpdateListeners;

/**
 * Keeps what is subscribed in step with who listens: one subscription for all who watch a stream.
 * Any thread adds and closes; the transport's loop subscribes.
 */
@ThreadSafe
final class Watches {
  private static final int MOST_WAITING = 100_000;

  private final UpdateListeners listeners;
  private final Signal loop;
  private final Semaphore room = new Semaphore(MOST_WAITING);

  /** Streams for which somebody began or ceased to listen. Bounded by all who do. */
  @SuppressWarnings("ThreadSafe") // it is
  private final Set<String> changed = ConcurrentHashMap.newKeySet();

  /** Bounded by the room. */
  @SuppressWarnings("ThreadSafe") // it is
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /**
   * @param loop woken when there is something to subscribe
   */
  Watches(UpdateListeners listeners, Signal loop) {
    this.listeners = listeners;
    this.loop = loop;
  }

  private record Waiting(Watch watch, CompletableFuture<Watch> done) {}

  /**
   * @param streamId a valid one
   */
  CompletionStage<Watch> add(String streamId, Consumer<StateUpdate> listener) {
    if (!room.tryAcquire()) {
      return CompletableFuture.failedStage(
          new UnreachableException(MOST_WAITING + " watches wait to be subscribed"));
    }
    Watch told = listeners.add(streamId, listener);
    Watch watch =
        () -> {
          told.close();
          change(streamId);
        };
    Waiting added = new Waiting(watch, new CompletableFuture<>());
    changed.add(streamId);
    waiting.add(added);
    loop.wake();
    return added.done;
  }

  /** For the loop: everything is to be subscribed, because nothing is. */
  void startOver() {
    changed.addAll(listeners.streams());
  }

  /**
   * For the loop: subscribes what is watched now, and tells who waits for it.
   *
   * @param atMost how long the server may take to say that it is done
   * @throws IllegalStateException when the connection is lost; who waits has been told
   */
  void bring(Session session, Duration atMost) {
    // These first: what they wait for is among the changes then.
    List<Waiting> told = takeWaiting();
    try {
      follow(session);
      if (!told.isEmpty()) {
        CompletionStage<Message> echo =
            session.echo().orTimeout(atMost.toNanos(), TimeUnit.NANOSECONDS);
        echo.whenComplete((answer, failure) -> ended(told, failure == null));
      }
    } catch (IllegalStateException e) {
      ended(told, false);
      throw e;
    }
  }

  /** Tells all who wait that there is no connection. */
  void giveUp() {
    ended(takeWaiting(), false);
  }

  private void follow(Session session) {
    for (Iterator<String> each = changed.iterator(); each.hasNext(); ) {
      String streamId = each.next();
      // Before the look at the listeners, so that no later change is lost.
      each.remove();
      try {
        session.follow(streamId, listeners.has(streamId));
      } catch (IllegalStateException e) {
        changed.add(streamId);
        throw e;
      }
    }
  }

  private void change(String streamId) {
    changed.add(streamId);
    loop.wake();
  }

  private List<Waiting> takeWaiting() {
    List<Waiting> taken = new ArrayList<>();
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      taken.add(next);
    }
    room.release(taken.size());
    return taken;
  }

  private static void ended(List<Waiting> told, boolean subscribed) {
    for (Waiting next : told) {
      if (subscribed) {
        next.done.complete(next.watch);
      } else {
        next.watch.close();
        next.done.completeExceptionally(
            new UnreachableException("no connection to NATS to watch through"));
      }
    }
  }
}
