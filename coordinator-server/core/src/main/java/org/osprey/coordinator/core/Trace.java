package org.osprey.coordinator.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way of one delivery through the coordinator, for those who look for where its time goes. Its
 * methods are called without the dispatcher's lock, by whichever thread brought the event, and so
 * perhaps not quite in the order of the events; they must not block. All times are {@link Ticker}
 * nanoseconds. A delivery that the coordinator does not finish, because it stops or its source took
 * it back, has no {@link Step.Ended}.
 */
public interface Trace {

  /** A step is over. */
  void add(Step step);

  /** Something begins that the outside does for this delivery; one thing at a time. */
  Task begin(Work work);

  /**
   * What goes along with whatever is published for this delivery, by the names of headers. While
   * {@link Work#PUBLISH} is under way it stands for that.
   */
  Map<String, String> headers();

  /** What the outside does. */
  enum Work {
    /** A result sink stores the result. */
    PUBLISH,
    /** The dead letters store it. */
    DEAD_LETTER,
    /** Its source is told how it ended. */
    ACK
  }

  /** Work that is under way. */
  interface Task {
    /**
     * @param failure null when it succeeded
     */
    void ended(@Nullable Throwable failure);
  }

  /** How a hand-over ended. */
  enum Answer {
    ACKED,
    NACKED,
    /** The worker did not answer in time. */
    EXPIRED,
    /** The worker died. */
    LOST,
    /** The worker left in good order without an answer. */
    RETURNED,
    /** Nobody wants the answer any more: the caller is gone, or another worker answered late. */
    ABANDONED
  }

  /** What has happened to the delivery. */
  sealed interface Step {

    /** It has a place in its lane. */
    record Accepted(long at) implements Step {}

    /** It waited for a worker, backoffs included. */
    record Queued(long from, long to) implements Step {}

    /**
     * A worker had it.
     *
     * @param attempt counts the hand-overs of this delivery from 1
     */
    record HandedOver(long from, long to, String worker, int attempt, Answer answer)
        implements Step {}

    /**
     * It is over.
     *
     * @param outcome the kind of its {@link Outcome} in lower case, or {@code refused}
     * @param attempts how often it was handed over
     */
    record Ended(String outcome, int attempts, long at) implements Step {}
  }
}
