package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Compares what a group has committed with the ledger, all the time. */
final class CommitWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(50);

  private final KafkaTopics topics;
  private final String group;
  private final RecordLedger ledger;
  private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::watch);
  private volatile boolean ended;
  private volatile int looks;
  private volatile @Nullable AssertionError violation;

  private CommitWatch(KafkaTopics topics, String group, RecordLedger ledger) {
    this.topics = topics;
    this.group = group;
    this.ledger = ledger;
  }

  static CommitWatch start(KafkaTopics topics, String group, RecordLedger ledger) {
    CommitWatch watch = new CommitWatch(topics, group, ledger);
    watch.thread.start();
    return watch;
  }

  /** Fails when there was something wrong so far. */
  void check() {
    AssertionError found = violation;
    if (found != null) {
      throw found;
    }
  }

  /** Fails when there was something wrong, or when nothing was seen. */
  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    check();
    assertTrue(looks > 0, "commits could not be watched");
  }

  private void watch() {
    int seen = 0;
    while (!ended) {
      try {
        ledger.checkCommits(topics.committed(group));
        looks = ++seen;
      } catch (IllegalStateException e) {
        // The broker is down, or does not know the group yet.
      } catch (AssertionError e) {
        violation = e;
        return;
      }
      LockSupport.parkNanos(EVERY.toNanos());
    }
  }
}
