package org.osprey.coordinator.replica.member;

/** What a member does with its part. Called by one thread; nothing blocks. */
public interface Work {

  /** Begins a part; called only when nothing is under way. */
  void start(Assignment assignment);

  /**
   * Asks it to end, and is called again until it has.
   *
   * @return whether nothing is under way any more
   */
  boolean stop();

  /**
   * How long it has not got on, though it had something to do; zero while it has nothing to do.
   *
   * @param nowNanos of the member's ticker
   */
  long stuckNanos(long nowNanos);
}
