package org.osprey.coordinator.streams.gateway;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.streams.Transport;
import org.osprey.coordinator.streams.Transport.Watch;

/**
 * One stream as it is told to those who watch it here: its newest state, and one watch for all of
 * them. States come in on any thread; everything else belongs to the pump.
 */
final class Feed {
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  private final String streamId;
  private final Transport transport;
  private final Consumer<Feed> changed;
  private final AtomicBoolean queued = new AtomicBoolean();
  private final AtomicReference<@Nullable Newest> newest = new AtomicReference<>();
  private final AtomicReference<@Nullable Opened> opened = new AtomicReference<>();

  private final Set<Watcher> watchers = new LinkedHashSet<>();
  private @Nullable Watch watch;
  private @Nullable Frame frame;
  private long frameNumber;
  private boolean opening;
  private boolean closed;
  private int failures;
  private long retryAt;

  /**
   * @param number how many there were before
   * @param scenes how often another scene began until then, as far as was told
   */
  record Newest(StateUpdate state, long number, long scenes) {
    Newest next(StateUpdate update) {
      int entered = Interest.entered(state, update) ? 1 : 0;
      return new Newest(update, number + 1, scenes + entered);
    }
  }

  /** How the opening of the watch ended; null for badly. */
  private record Opened(@Nullable Watch watch) {}

  /**
   * @param changed told, once until the next {@link #taken}, that there is something to do
   */
  Feed(String streamId, Transport transport, Consumer<Feed> changed) {
    this.streamId = streamId;
    this.transport = transport;
    this.changed = changed;
  }

  String streamId() {
    return streamId;
  }

  /** Any thread. What is not newer is left out. */
  void offer(StateUpdate state) {
    Newest last;
    Newest next;
    do {
      last = newest.get();
      if (last != null && !isNewer(state, last.state())) {
        return;
      }
      next = last == null ? new Newest(state, 0, 0) : last.next(state);
    } while (!newest.compareAndSet(last, next));
    queue();
  }

  static boolean isNewer(StateUpdate one, StateUpdate other) {
    int epochs = Long.compareUnsigned(one.getEpoch(), other.getEpoch());
    return epochs > 0 || (epochs == 0 && Long.compareUnsigned(one.getSeq(), other.getSeq()) > 0);
  }

  private void queue() {
    if (queued.compareAndSet(false, true)) {
      changed.accept(this);
    }
  }

  /** What comes from now on is told to the pump again. */
  void taken() {
    queued.set(false);
  }

  @Nullable Newest newest() {
    return newest.get();
  }

  /** For one who missed no scene; made once. */
  Frame frame(Newest shown) {
    Frame made = frame;
    if (made == null || frameNumber != shown.number()) {
      made = new Frame(shown.state(), 0);
      frame = made;
      frameNumber = shown.number();
    }
    return made;
  }

  /** Whether nothing is missed from now on. */
  boolean isOpen() {
    return watch != null;
  }

  void add(Watcher watcher) {
    watchers.add(watcher);
  }

  /**
   * @return whether nobody is left
   */
  boolean remove(Watcher watcher) {
    watchers.remove(watcher);
    return watchers.isEmpty();
  }

  Set<Watcher> watchers() {
    return watchers;
  }

  /**
   * Opens the watch if it is time.
   *
   * @param random in [0, 1)
   * @return whether it has just become open
   */
  boolean step(long now, double random) {
    boolean ready = takeOpened(now, random);
    if (!closed && watch == null && !opening && now - retryAt >= 0) {
      transport
          .watch(streamId, this::offer)
          .whenComplete(
              (made, failure) -> {
                opened.set(new Opened(failure == null ? made : null));
                queue();
              });
      opening = true;
    }
    return ready;
  }

  private boolean takeOpened(long now, double random) {
    Opened outcome = opened.getAndSet(null);
    if (outcome == null) {
      return false;
    }
    opening = false;
    watch = outcome.watch();
    if (watch == null) {
      retryAt = now + Backoff.after(failures++, FIRST_RETRY, LONGEST_RETRY, random).toNanos();
    } else if (closed) {
      close();
    }
    return isOpen();
  }

  /** May be repeated; a watch that is still being opened is closed as soon as it is there. */
  void close() {
    closed = true;
    Watch last = watch;
    watch = null;
    if (last != null) {
      last.close();
    }
  }
}
