package org.osprey.coordinator.rpc;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.externalscaler.IsActiveResponse;

/**
 * Tells those who watch whether there is work: at once, and when it has changed. One loop looks for
 * all of them; who does not keep up hears the newest state later, and nothing piles up.
 */
@ThreadSafe
final class ActivityWatch implements Supervised, AutoCloseable {
  static final int MOST_WATCHERS = 100;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  @SuppressWarnings("ThreadSafe") // asks the dispatcher
  private final BooleanSupplier active;

  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private final Ticker ticker;
  private volatile SupervisedLoop loop;
  private volatile boolean draining;

  ActivityWatch(BooleanSupplier active, Ticker ticker) {
    this.active = active;
    this.ticker = ticker;
    loop = newLoop();
  }

  /** Also after a close, with another loop. */
  void start() {
    if (loop.closing()) {
      loop = newLoop();
      draining = false;
    }
    loop.start();
  }

  void add(ServerCallStreamObserver<IsActiveResponse> observer) {
    Watcher watcher = new Watcher(observer);
    observer.setOnCancelHandler(() -> watchers.remove(watcher));
    if (watchers.size() >= MOST_WATCHERS) {
      watcher.end(
          Status.RESOURCE_EXHAUSTED.withDescription(MOST_WATCHERS + " clients watch already"));
      return;
    }
    watchers.add(watcher);
    watcher.tell(active.getAsBoolean());
    if (draining) {
      drain();
    }
  }

  /** Sends those who watch elsewhere, now and from now on. */
  void drain() {
    draining = true;
    for (Watcher watcher : List.copyOf(watchers)) {
      watchers.remove(watcher);
      watcher.end(Status.UNAVAILABLE.withDescription("the coordinator is shutting down"));
    }
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void close() {
    drain();
    loop.close();
  }

  private SupervisedLoop newLoop() {
    return new SupervisedLoop("activity-watch", ticker, STUCK_AFTER, this::step);
  }

  private void step() {
    if (!watchers.isEmpty()) {
      boolean now = active.getAsBoolean();
      watchers.forEach(watcher -> watcher.tell(now));
    }
    LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
  }

  private static final class Watcher {
    @GuardedBy("this")
    private final ServerCallStreamObserver<IsActiveResponse> observer;

    @GuardedBy("this")
    private @Nullable Boolean told;

    @GuardedBy("this")
    private boolean ended;

    private Watcher(ServerCallStreamObserver<IsActiveResponse> observer) {
      this.observer = observer;
    }

    private synchronized void tell(boolean now) {
      boolean news = told == null || told != now;
      if (news && !ended && !observer.isCancelled() && observer.isReady()) {
        told = now;
        observer.onNext(IsActiveResponse.newBuilder().setResult(now).build());
      }
    }

    private synchronized void end(Status status) {
      if (!ended && !observer.isCancelled()) {
        observer.onError(status.asRuntimeException());
      }
      ended = true;
    }
  }
}
