package org.osprey.coordinator.replica.member;

/**
 * What the members of a replica set share. Each call is one transaction, whose clock is that of the
 * database; what it throws says that nothing is known of its end.
 */
interface Coordination {

  /**
   * Looks whether anything can work at all.
   *
   * @throws IllegalStateException when it cannot, however often it is tried, saying why
   */
  void check();

  /** Becomes a member, without a part of the work yet; again after it was thrown out. */
  void join(String worker);

  /**
   * Says that a worker lives.
   *
   * @param progressing whether it gets on with its work; when it does not, this counts for nothing
   * @return false when it is no member any more
   */
  boolean heartbeat(String worker, boolean progressing);

  /** Says that a worker has stopped everything older than a generation. */
  void ready(String worker, long generation);

  Membership look();

  /**
   * Divides the work anew if that is needed: all who are alive, and no others, are in the new
   * generation, and every older one may not commit any more. Anyone may call it at any time.
   *
   * @return whether a new generation began
   */
  boolean renew();

  /** Throws out a member of a generation that has not become ready for it. */
  void expel(String worker, long generation);

  /** Ends a membership. */
  void leave(String worker);
}
