package org.osprey.coordinator.streams.gateway;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.streams.gateway.Feed.Newest;
import org.osprey.coordinator.streams.gateway.GatewayCounts.Cut;

/**
 * One who watches a stream. It has one message on its way; until that has left, nothing is kept for
 * it, and then it gets what is newest. Connections tell it that it lives or has left, on any
 * thread; everything else belongs to the pump.
 */
final class Watcher implements Membership.Owner {
  private static final int STREAM_ENDED = 4404;
  private static final int REFUSED = 1008;
  private static final int STOPPING = 1001;

  private final RegisterCommand who;
  private final Interest interest;
  private final Outlet outlet;
  private final BooleanSupplier gone;
  private final GatewayParts parts;
  private final Consumer<Watcher> attention;
  private final Membership membership;

  private final AtomicBoolean queued = new AtomicBoolean();
  private final AtomicBoolean disconnected = new AtomicBoolean();
  private volatile long heardAt;
  private volatile boolean busy;
  private volatile boolean behind;
  private volatile boolean left;

  private @Nullable Feed feed;
  private @Nullable StateUpdate last;
  private boolean welcome;
  private boolean ended;
  private long lastNumber;
  private long lastScenes;
  private long lastAt;
  private long busySince;
  private long askedAt;
  private long endedAt;

  /**
   * @param gone whether it may not watch any more; never blocks
   * @param attention told, once until the next {@link #taken}, that there is something to do
   */
  Watcher(
      RegisterCommand who,
      Interest interest,
      Outlet outlet,
      BooleanSupplier gone,
      GatewayParts parts,
      Consumer<Watcher> attention) {
    this.who = who;
    this.interest = interest;
    this.outlet = outlet;
    this.gone = gone;
    this.parts = parts;
    this.attention = attention;
    membership = new Membership(who, parts.transport().streams(), parts.settings(), this);
    heardAt = parts.ticker().nanos();
    askedAt = heardAt;
  }

  String streamId() {
    return who.getStreamId();
  }

  Outlet.Kind kind() {
    return outlet.kind();
  }

  /** It took something. Any thread. */
  void took() {
    heardAt = parts.ticker().nanos();
  }

  /** It answered, or said something; its stream may wait for that. Any thread. */
  void heard() {
    took();
    queue();
  }

  /**
   * Its connection has ended. Any thread.
   *
   * @return whether this was not known
   */
  boolean leave() {
    if (!disconnected.compareAndSet(false, true)) {
      return false;
    }
    left = true;
    queue();
    return true;
  }

  boolean hasLeft() {
    return left;
  }

  /** Has the pump look at it. Any thread. */
  void queue() {
    if (queued.compareAndSet(false, true)) {
      attention.accept(this);
    }
  }

  void taken() {
    queued.set(false);
  }

  void watch(Feed of) {
    feed = of;
  }

  @Nullable Feed feed() {
    return feed;
  }

  /**
   * Does what is due.
   *
   * @return whether there is nothing left to do, now and later
   */
  boolean step(long now) {
    if (left) {
      membership.leave(now);
    }
    if (left || (feed != null && feed.isOpen())) {
      membership.step(now, heardAt, parts.random().nextDouble());
    }
    deliver(now);
    return left && membership.isGone();
  }

  /** Its feed has something new. */
  void told(long now) {
    Newest newest = feed == null ? null : feed.newest();
    if (newest != null && membership.seen(newest.state().getEpoch(), now)) {
      membership.step(now, heardAt, parts.random().nextDouble());
    }
    deliver(now);
  }

  /** Whether its connection lives, by what it takes and says. */
  void examine(long now) {
    if (left) {
      return;
    }
    if (ended) {
      if (now - endedAt >= stuckAfter()) {
        outlet.cut();
      }
    } else if (gone.getAsBoolean()) {
      refused("the token is not good any more");
    } else if (busy && now - busySince >= stuckAfter()) {
      cut(Cut.STUCK, now);
    } else if (now - heardAt >= parts.settings().silentAfter().toNanos()) {
      cut(Cut.SILENT, now);
    } else if (!busy && now - askedAt >= parts.settings().pingEvery().toNanos()) {
      ping(now);
    }
  }

  private long stuckAfter() {
    return parts.settings().stuckAfter().toNanos();
  }

  private void cut(Cut reason, long now) {
    ended = true;
    endedAt = now;
    parts.counts().cut(reason);
    outlet.cut();
  }

  private void ping(long now) {
    askedAt = now;
    occupy(now);
    outlet.ping(this::free);
  }

  /** Sends the newest state if there is one that it wants and has not got. */
  private void deliver(long now) {
    Newest newest = feed == null ? null : feed.newest();
    if (newest == null || !welcome || ended || left || !isDue(newest.state(), now)) {
      return;
    }
    if (!isBusy()) {
      send(newest, now);
    }
  }

  private boolean isDue(StateUpdate state, long now) {
    StateUpdate before = last;
    return before == null
        || (Feed.isNewer(state, before) && interest.wants(before, state, now - lastAt));
  }

  /** If it is, it is looked at again as soon as it is not. */
  private boolean isBusy() {
    behind = true;
    if (busy) {
      return true;
    }
    behind = false;
    return false;
  }

  private void send(Newest newest, long now) {
    long missed = last == null ? 0 : Math.max(0, newest.scenes() - lastScenes - 1);
    count(newest, missed);
    last = newest.state();
    lastNumber = newest.number();
    lastScenes = newest.scenes();
    lastAt = now;
    occupy(now);
    outlet.send(frame(newest, missed), this::free);
  }

  private void count(Newest newest, long missed) {
    parts.counts().framesSent.increment();
    parts.counts().scenesMissed.add(missed);
    if (last != null && interest.isEverything()) {
      parts.counts().framesSkipped.add(newest.number() - lastNumber - 1);
    }
  }

  private Frame frame(Newest newest, long missed) {
    return missed > 0 || feed == null ? new Frame(newest.state(), missed) : feed.frame(newest);
  }

  private void occupy(long now) {
    busySince = now;
    busy = true;
  }

  /** Any thread. */
  private void free() {
    busy = false;
    if (behind) {
      behind = false;
      queue();
    }
  }

  @Override
  public void answered() {
    queue();
  }

  @Override
  public void registered(StateUpdate state) {
    welcome = true;
    if (feed != null) {
      feed.offer(state);
    }
  }

  @Override
  public void streamEnded() {
    end(Cut.STREAM_ENDED, STREAM_ENDED, "stream ended");
  }

  @Override
  public void refused(String message) {
    end(Cut.REFUSED, REFUSED, message);
  }

  /** The coordinator stops. */
  void stop() {
    end(Cut.STOPPING, STOPPING, "the coordinator stops");
    left = true;
  }

  private void end(Cut reason, int code, String message) {
    if (!left && !ended) {
      ended = true;
      endedAt = parts.ticker().nanos();
      parts.counts().cut(reason);
      outlet.end(code, message);
    }
  }
}
