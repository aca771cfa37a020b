package org.osprey.coordinator.database;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseException.Reason;

/**
 * Opens the database, keeps it open, and commits what is in the queue, group by group. After a
 * group failed, its pieces go one by one, so that a piece that spoils its group is found and the
 * rest is stored. One loop calls {@link #step} and owns all of it.
 */
final class Writer {
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);

  private final DatabaseSettings settings;
  private final Session session;
  private final WriteQueue queue;
  private final GroupCommit groupCommit;
  private final Troubles troubles;
  private final Backoff backoff;
  private final Ticker ticker;

  /** Of groups that failed; before anything in the queue. */
  private final Deque<PendingWrite<?>> again = new ArrayDeque<>();

  private long lastAnswer;

  private final CountDownLatch tried = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch drained = new CountDownLatch(1);

  private final AtomicLong written = new AtomicLong();
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();

  Writer(
      DatabaseSettings settings,
      Session session,
      WriteQueue queue,
      GroupCommit groupCommit,
      Troubles troubles,
      Backoff backoff,
      Ticker ticker) {
    this.settings = settings;
    this.session = session;
    this.queue = queue;
    this.groupCommit = groupCommit;
    this.troubles = troubles;
    this.backoff = backoff;
    this.ticker = ticker;
  }

  void step() throws InterruptedException {
    expire();
    if (!isOpen()) {
      return;
    }
    List<PendingWrite<?>> group = nextGroup();
    if (!group.isEmpty()) {
      commit(group);
    } else if (queue.isClosed()) {
      drained.countDown();
    } else {
      probe();
    }
  }

  /** Returns when the database was open once, or could not be opened once, or in time. */
  void awaitFirstTry(Duration atMost) throws InterruptedException {
    tried.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Goes on with what is in the closed queue, unless the database is in trouble. */
  void drain(Duration atMost) throws InterruptedException {
    closing.countDown();
    drained.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** When no step runs any more: what was not written has failed afterwards. */
  void abandon() {
    again.forEach(this::abandon);
    again.clear();
    abandonQueue();
  }

  /** Any thread: a step that still runs keeps what it has. */
  void abandonQueue() {
    queue.takeAll().forEach(this::abandon);
  }

  DatabaseStats stats() {
    return new DatabaseStats(
        queue.size(), written.get(), commits.get(), failed.get(), retries.get(), queue.refused());
  }

  private boolean isOpen() throws InterruptedException {
    if (session.isOpen()) {
      return true;
    }
    try {
      session.open();
      lastAnswer = ticker.nanos();
      if (again.isEmpty()) {
        troubles.over();
      }
      return true;
    } catch (IOException | RuntimeException e) {
      troubles.found(e);
      rest();
      return false;
    } finally {
      tried.countDown();
    }
  }

  private List<PendingWrite<?>> nextGroup() throws InterruptedException {
    PendingWrite<?> single = again.poll();
    return single != null ? List.of(single) : queue.take(settings.maxBatch(), IDLE);
  }

  private void commit(List<PendingWrite<?>> group) throws InterruptedException {
    try {
      groupCommit.run(session.open(), group);
    } catch (IOException | RuntimeException | Error e) {
      session.drop();
      failed(group, e);
      return;
    }
    lastAnswer = ticker.nanos();
    backoff.reset();
    troubles.over();
    commits.incrementAndGet();
    for (PendingWrite<?> write : group) {
      (write.failedItself() ? failed : written).incrementAndGet();
      write.end();
    }
  }

  private void failed(List<PendingWrite<?>> group, Throwable failure) throws InterruptedException {
    boolean passing = troubles.isPassing(failure);
    if (passing) {
      troubles.found(failure);
    }
    if (group.size() == 1) {
      failedAlone(group.getFirst(), failure, passing);
    } else {
      retries.incrementAndGet();
      group.reversed().forEach(again::addFirst);
    }
    if (passing) {
      rest();
    }
  }

  private void failedAlone(PendingWrite<?> write, Throwable failure, boolean passing) {
    if (!passing) {
      failed.incrementAndGet();
      write.fail(failure);
      write.end();
    } else if (!troubles.isConflict(failure) && write.spoiledOnceTooOften()) {
      giveUp(write, Reason.UNAVAILABLE, troubles.explain(failure));
    } else {
      retries.incrementAndGet();
      again.addFirst(write);
    }
  }

  /** An outage is noticed even when there is nothing to write. */
  private void probe() throws InterruptedException {
    if (ticker.nanos() - lastAnswer < PROBE_INTERVAL.toNanos()) {
      return;
    }
    lastAnswer = ticker.nanos();
    try {
      if (session.answers()) {
        return;
      }
    } catch (SQLException e) {
      // As good as no answer.
    }
    session.drop();
  }

  private void expire() {
    long now = ticker.nanos();
    List<PendingWrite<?>> overdue = new ArrayList<>(queue.takeOverdue(now));
    again.stream().filter(write -> write.overdue(now)).forEach(overdue::add);
    again.removeIf(write -> write.overdue(now));
    for (PendingWrite<?> write : overdue) {
      giveUp(write, Reason.UNAVAILABLE, troubles.now("not written in database.writeTimeout"));
    }
  }

  private void abandon(PendingWrite<?> write) {
    giveUp(write, Reason.CLOSED, troubles.now("closed"));
  }

  private void giveUp(PendingWrite<?> write, Reason reason, String message) {
    failed.incrementAndGet();
    write.giveUp(reason, message, troubles.cause());
  }

  /** Before the next try; when closing, nobody waits for one. */
  private void rest() throws InterruptedException {
    if (queue.isClosed()) {
      drained.countDown();
    }
    closing.await(backoff.next().toNanos(), TimeUnit.NANOSECONDS);
  }
}
