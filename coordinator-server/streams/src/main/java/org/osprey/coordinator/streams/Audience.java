package org.osprey.coordinator.streams;

import org.jspecify.annotations.Nullable;

/**
 * Those who watch a stream, and what becomes of it without them. Times are nanoseconds of the
 * ticker.
 */
final class Audience {
  private final Stage stage;
  private final Told told;
  private final StreamWatchers watchers = new StreamWatchers();

  /** Rings when nobody has watched for a while. */
  private final Alarm alone;

  /** Is told who comes and who does not. */
  interface Told {
    /** Somebody watches. */
    void watched(long now);

    /** How long the stream goes on as it is without watchers, in nanoseconds. */
    long patience();

    /** That time is over. */
    void abandoned(long now);

    /** Something in here is wrong. */
    void fail(long now);
  }

  Audience(Stage stage, Told told) {
    this.stage = stage;
    this.told = told;
    alone = new Alarm(told::abandoned, told::fail);
  }

  StreamWatchers watchers() {
    return watchers;
  }

  boolean isEmpty() {
    return watchers.isEmpty();
  }

  /** Somebody has to come until then, or the stream is abandoned. */
  void await(long until) {
    stage.arm(alone, until);
  }

  /** Nobody is waited for any more. */
  void dismiss() {
    stage.disarm(alone);
  }

  void register(String clientId, String sourceAddr, long now) {
    watchers.hear(clientId, sourceAddr, now);
    dismiss();
    told.watched(now);
  }

  /**
   * @param sourceAddr null for all connections of the client
   */
  void unregister(String clientId, @Nullable String sourceAddr, long now) {
    boolean watched = !watchers.isEmpty();
    watchers.remove(clientId, sourceAddr);
    if (watched && watchers.isEmpty()) {
      await(now + told.patience());
    }
  }

  /**
   * One that is not known is registered: the coordinator that knew it may have died.
   *
   * @param sourceAddr null for all connections of the client
   */
  void heartbeat(String clientId, @Nullable String sourceAddr, long now) {
    if (sourceAddr != null || !watchers.hearAll(clientId, now)) {
      register(clientId, sourceAddr == null ? "" : sourceAddr, now);
    }
  }

  /** Those who were silent for too long are gone. */
  void sweep(long now) {
    if (watchers.removeSilent(now - stage.settings().stale().toNanos()) && watchers.isEmpty()) {
      await(now + told.patience());
    }
  }
}
