package org.osprey.coordinator.collectors.flow;

import java.time.Duration;
import java.util.List;

/**
 * The way of one worker to where events go. Belongs to that worker's thread: all methods are called
 * by it, and it keeps the order in which it was given events.
 */
public interface Channel extends AutoCloseable {

  /** How many events it would take now; 0 while there is no connection or its window is full. */
  int room();

  /**
   * Takes events in order; each is settled later, once, through {@link #settle}. It sends again by
   * itself what it may, in order.
   *
   * @param events at most {@link #room} of them
   */
  void send(List<Outgoing> events);

  /**
   * Tells what became of events since the last call; returns when there was something to tell, or
   * after a while.
   *
   * @param atMost zero to only look
   */
  void settle(Settlements settlements, Duration atMost) throws InterruptedException;

  /** How many were sent and are not settled. */
  int unsettled();

  /**
   * Gives up: settles all that it knows the end of, and hands back the others in order. Nothing may
   * be sent afterwards.
   */
  List<Outgoing> abandon(Settlements settlements);

  @Override
  void close();

  /**
   * An event and where it goes.
   *
   * @param destination what {@link Route} says: a subject, or the name of an action
   */
  record Outgoing(Encoded event, String destination) {}

  /** Told by the worker's own thread. */
  interface Settlements {

    /** It arrived, as far as the way there can know. */
    void published(Outgoing event);

    /**
     * It did not, and is not tried again.
     *
     * @param reason one of a small set, for the metrics
     */
    void lost(Outgoing event, Loss reason);
  }

  /** Why an event is gone. */
  enum Loss {
    /** There was no room, and the policy drops new ones. */
    FULL_NEWEST,
    /** There was no room, and the policy drops old ones. */
    FULL_OLDEST,
    /** The connection broke before it was confirmed, and there is no way to know. */
    UNCONFIRMED,
    /** Bigger than what the receiver takes, or than all the room there is. */
    TOO_LARGE,
    /** The receiver will never take it. */
    REFUSED,
    /** It was stored and could not be read any more. */
    CORRUPT,
    /** The coordinator stopped, and it could not be stored. */
    STOPPED
  }
}
