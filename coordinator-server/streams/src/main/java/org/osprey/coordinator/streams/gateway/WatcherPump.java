package org.osprey.coordinator.streams.gateway;

import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who watch streams. One loop tells them what is new and never waits for any of them. What
 * comes from other threads only marks a stream or a watcher that the loop has to look at; each
 * stands in its queue once, which bounds the queues by the number of watchers.
 */
final class WatcherPump implements AutoCloseable, Supervised {
  private static final Logger log = LoggerFactory.getLogger(WatcherPump.class);
  private static final String NAME = "stream-watchers";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  /** How often each watcher is looked at without a reason. */
  private static final Duration SWEEP_EVERY = Duration.ofMillis(250);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final int AT_A_TIME = 10_000;
  private static final int RETRY_SECONDS = 5;

  private final GatewayParts parts;
  private final SupervisedLoop loop;
  private final Signal signal = new Signal();
  private final Queue<Feed> changed = new ConcurrentLinkedQueue<>();
  private final Queue<Watcher> attention = new ConcurrentLinkedQueue<>();
  private final AtomicInteger admitted = new AtomicInteger();
  private final CountDownLatch allGone = new CountDownLatch(1);

  /** Those who watch, and those who have left and are not unregistered yet. */
  private volatile int known;

  private volatile boolean started;
  private volatile boolean closing;

  private final Map<String, Feed> feeds = new HashMap<>();
  private final Set<Watcher> members = new LinkedHashSet<>();
  private long sweptAt;
  private boolean stopped;

  WatcherPump(GatewayParts parts) {
    this.parts = parts;
    loop = new SupervisedLoop(NAME, parts.ticker(), STUCK_AFTER, this::turn);
  }

  void start() {
    sweptAt = parts.ticker().nanos();
    started = true;
    loop.start();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** Never throws. */
  Check check() {
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(
            "streams-gateway",
            "%d of at most %d watch".formatted(admitted.get(), parts.settings().maxWatchers()))
        : running;
  }

  /**
   * Takes one more watcher, which is to leave in any case.
   *
   * @param gone whether it may not watch any more; never blocks
   * @throws ProblemException when too many watch, or the coordinator stops
   */
  Watcher admit(RegisterCommand who, Interest interest, Outlet outlet, BooleanSupplier gone) {
    int most = parts.settings().maxWatchers();
    if (closing) {
      throw unavailable("the coordinator stops");
    }
    if (known > 2 * (long) most) {
      throw unavailable("too many have left whose streams do not answer");
    }
    if (admitted.incrementAndGet() > most) {
      admitted.decrementAndGet();
      throw unavailable("%d watch already: streams.maxConnections".formatted(most));
    }
    parts.counts().came(outlet.kind());
    return new Watcher(who, interest, outlet, gone, parts, this::attend);
  }

  private static ProblemException unavailable(String detail) {
    return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, detail, RETRY_SECONDS);
  }

  /** Its connection is open. Any thread. */
  void join(Watcher watcher) {
    watcher.heard();
  }

  /** Its connection has ended, or was never opened. Any thread; may be repeated. */
  void leave(Watcher watcher) {
    if (watcher.leave()) {
      admitted.decrementAndGet();
      parts.counts().left(watcher.kind());
    }
  }

  private void attend(Watcher watcher) {
    attention.add(watcher);
    signal.wake();
  }

  private void changed(Feed feed) {
    changed.add(feed);
    signal.wake();
  }

  /** Says good-bye to everybody. May be repeated. */
  @Override
  public void close() {
    closing = true;
    signal.wake();
    awaitAllGone();
    loop.close(CLOSE_TIMEOUT);
  }

  private void awaitAllGone() {
    try {
      if (started && !allGone.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.info("watchers are not unregistered, their streams do not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn() throws InterruptedException {
    signal.await(SWEEP_EVERY);
    long now = parts.ticker().nanos();
    takeChanged(now);
    takeAttention(now);
    if (closing && !stopped) {
      stopped = true;
      members.forEach(Watcher::stop);
      sweep(now);
    } else if (now - sweptAt >= SWEEP_EVERY.toNanos()) {
      sweep(now);
    }
    known = members.size();
    if (stopped && known == 0) {
      allGone.countDown();
    }
  }

  private void takeChanged(long now) {
    for (int i = 0; i < AT_A_TIME; i++) {
      Feed feed = changed.poll();
      if (feed == null) {
        return;
      }
      feed.taken();
      if (feed.step(now, parts.random().nextDouble())) {
        feed.watchers().forEach(watcher -> watcher.step(now));
      } else {
        feed.watchers().forEach(watcher -> watcher.told(now));
      }
    }
    signal.wake();
  }

  private void takeAttention(long now) {
    for (int i = 0; i < AT_A_TIME; i++) {
      Watcher watcher = attention.poll();
      if (watcher == null) {
        return;
      }
      watcher.taken();
      if (watcher.feed() == null && !watcher.hasLeft()) {
        enter(watcher, now);
      }
      if (step(watcher, now)) {
        members.remove(watcher);
      }
    }
    signal.wake();
  }

  private void enter(Watcher watcher, long now) {
    if (stopped) {
      watcher.stop();
      return;
    }
    Feed feed =
        feeds.computeIfAbsent(
            watcher.streamId(), id -> new Feed(id, parts.transport(), this::changed));
    feed.add(watcher);
    watcher.watch(feed);
    members.add(watcher);
    feed.step(now, parts.random().nextDouble());
  }

  /**
   * @return whether it is gone
   */
  private boolean step(Watcher watcher, long now) {
    Feed feed = watcher.feed();
    boolean gone = watcher.step(now);
    if (watcher.hasLeft() && feed != null && feed.remove(watcher)) {
      feeds.remove(feed.streamId(), feed);
      feed.close();
    }
    return gone;
  }

  private void sweep(long now) {
    sweptAt = now;
    feeds.values().forEach(feed -> feed.step(now, parts.random().nextDouble()));
    members.removeIf(watcher -> step(watcher, now));
    members.forEach(watcher -> watcher.examine(now));
  }
}
