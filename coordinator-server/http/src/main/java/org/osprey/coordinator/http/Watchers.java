package org.osprey.coordinator.http;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who watch the live picture. While there are any, one loop has a picture made at a steady
 * pace and hands the same bytes to all of them; while there are none it rests. A watcher that does
 * not keep up is cut off, and nobody ever waits for one.
 */
@ThreadSafe
public final class Watchers implements AutoCloseable, Supervised {
  private static final Logger log = LoggerFactory.getLogger(Watchers.class);
  private static final String NAME = "watchers";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);
  private static final Duration LONGEST_REST = Duration.ofSeconds(3);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final int RETRY_SECONDS = 5;

  /** Watchers that are written to in one go. */
  private static final int AT_A_TIME = 8;

  private final Painter painter;
  private final Duration every;
  private final int most;
  private final SupervisedLoop loop;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition joined = lock.newCondition();
  private final Condition closing = lock.newCondition();

  @GuardedBy("lock")
  private final Set<Watcher> watching = new LinkedHashSet<>();

  /** For those who join between two pictures; null while the loop rests. */
  @GuardedBy("lock")
  private byte @Nullable [] newest;

  @GuardedBy("lock")
  private boolean closed;

  /** Makes the pictures. The loop alone calls it. */
  public interface Painter {
    /** Nobody watched for a while: what the last picture said is old. */
    void begin();

    /** One server-sent event, complete. */
    byte[] paint();
  }

  /**
   * @param every the time between two pictures
   * @param most how many may watch at a time
   */
  public Watchers(Painter painter, Duration every, int most, Ticker ticker) {
    this.painter = painter;
    this.every = every;
    this.most = most;
    loop = new SupervisedLoop(NAME, ticker, STUCK_AFTER, this::turn);
  }

  public void start() {
    loop.start();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** Never throws. */
  public Check check() {
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(NAME, "%d of at most %d".formatted(count(), most))
        : running;
  }

  /** How many watch now. */
  public int count() {
    lock.lock();
    try {
      return watching.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Somebody wants to watch, and gets a first picture at once.
   *
   * @param cut closes the connection without waiting for it
   * @throws ProblemException when too many watch, or the coordinator stops
   */
  Watcher join(Runnable cut) {
    Watcher watcher = new Watcher(cut);
    lock.lock();
    try {
      if (closed || watching.size() >= most) {
        throw new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE,
            closed ? "the coordinator stops" : "%d watch already: http.maxWatchers".formatted(most),
            RETRY_SECONDS);
      }
      if (newest != null) {
        watcher.offer(newest);
      }
      watching.add(watcher);
      joined.signal();
    } finally {
      lock.unlock();
    }
    return watcher;
  }

  /** May be repeated. */
  void leave(Watcher watcher) {
    lock.lock();
    try {
      watching.remove(watcher);
    } finally {
      lock.unlock();
    }
  }

  /** Ends every watcher in good order. May be repeated. */
  @Override
  public void close() {
    List<Watcher> last;
    lock.lock();
    try {
      closed = true;
      last = List.copyOf(watching);
      watching.clear();
      joined.signalAll();
      closing.signalAll();
    } finally {
      lock.unlock();
    }
    last.forEach(Watcher::end);
    loop.close(CLOSE_TIMEOUT);
  }

  /** A picture, and the wait for the next one; or a rest. */
  private void turn() throws InterruptedException {
    switch (awaitWatcher()) {
      case NONE -> {}
      case FIRST -> {
        painter.begin();
        paint();
      }
      case MORE -> paint();
    }
  }

  private void paint() throws InterruptedException {
    long began = System.nanoTime();
    publish(painter.paint());
    pause(every.toNanos() - (System.nanoTime() - began));
  }

  private enum Watching {
    NONE,
    FIRST,
    MORE
  }

  /** Waits a while for the first, not longer than a live loop may. */
  private Watching awaitWatcher() throws InterruptedException {
    lock.lock();
    try {
      if (!watching.isEmpty()) {
        return newest == null ? Watching.FIRST : Watching.MORE;
      }
      newest = null;
      long left = LONGEST_REST.toNanos();
      while (watching.isEmpty() && !closed && left > 0) {
        left = joined.awaitNanos(left);
      }
      return watching.isEmpty() ? Watching.NONE : Watching.FIRST;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands it out a few at a time, over most of the time until the next one: hundreds of writes in
   * one go would keep the processors from the actions for as long as they take.
   */
  private void publish(byte[] picture) throws InterruptedException {
    List<Watcher> all = show(picture);
    long rest = every.toNanos() * AT_A_TIME / (all.size() + 1L);
    int slow = 0;
    for (int from = 0; from < all.size(); from += AT_A_TIME) {
      if (from > 0) {
        pause(rest);
      }
      for (Watcher watcher : all.subList(from, Math.min(all.size(), from + AT_A_TIME))) {
        slow += offered(watcher, picture) ? 0 : 1;
      }
    }
    if (slow > 0) {
      log.info("watchers cut off, because they do not keep up: count={}", slow);
    }
  }

  private List<Watcher> show(byte[] picture) {
    lock.lock();
    try {
      newest = picture;
      return List.copyOf(watching);
    } finally {
      lock.unlock();
    }
  }

  private boolean offered(Watcher watcher, byte[] picture) {
    if (watcher.offer(picture)) {
      return true;
    }
    leave(watcher);
    watcher.cut();
    return false;
  }

  private void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!closed && left > 0) {
        left = closing.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
