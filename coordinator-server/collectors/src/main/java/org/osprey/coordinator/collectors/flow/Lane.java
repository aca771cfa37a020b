package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.Route.Kind;

/**
 * What the events of one collector go through between its emitters and a worker: the ring, and
 * behind it the disk. Lives as long as the flow. One lock guards the buffers and the ledger
 * together, so the ledger is right at any moment.
 *
 * <p>While it is <em>behind</em>, there are rows on disk that come before what is in the ring, and
 * workers take from the rows only. While it <em>spills</em>, the ring goes to rows, too.
 */
@ThreadSafe
final class Lane {
  /** Room that others give back to the budget wakes nobody here. */
  private static final long LOOK_FOR_ROOM_MILLIS = 20;

  private final String name;
  private final Budget budget;
  private final Router router;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();

  @GuardedBy("lock")
  private final Ledger ledger = new Ledger();

  @GuardedBy("lock")
  private final Buffer ring = new Buffer();

  /** Read from rows. */
  @GuardedBy("lock")
  private final Buffer fromDisk = new Buffer();

  @GuardedBy("lock")
  private final Budget.Share share;

  @GuardedBy("lock")
  private LaneSettings settings;

  @GuardedBy("lock")
  private boolean behind;

  @GuardedBy("lock")
  private boolean spilling;

  @GuardedBy("lock")
  private int waiting;

  /** How many events were in the ring when somebody last found it full. */
  @GuardedBy("lock")
  private int fullAt;

  /** Read from rows, taken by a worker and not settled. */
  @GuardedBy("lock")
  private long diskUnderway;

  /** Rows with nothing more to publish, for the spiller to delete. */
  @GuardedBy("lock")
  private List<StoredRow> finished = new ArrayList<>();

  /** The worker that an ordered lane is to be served by. */
  private volatile int home;

  /** The worker that serves it, until nothing is underway from there. */
  @GuardedBy("lock")
  private int servedBy;

  private volatile boolean ordered;
  private volatile @Nullable String trouble;

  /**
   * @param behind whether rows may be on disk already
   */
  Lane(String name, Budget budget, Router router, LaneSettings settings, boolean behind) {
    this.name = name;
    this.budget = budget;
    this.router = router;
    this.settings = settings;
    ordered = settings.ordered();
    this.behind = behind;
    share = budget.share();
  }

  String name() {
    return name;
  }

  Router router() {
    return router;
  }

  /** Whether one worker alone serves it. */
  boolean ordered() {
    return ordered;
  }

  /** For the next events; what waits stays. */
  void apply(LaneSettings next) {
    lock.lock();
    try {
      settings = next;
      ordered = next.ordered();
      if (next.whenFull() != WhenFull.SPILL) {
        spilling = false;
      }
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Has those who wait for room look at whether their way in is still open. */
  void wakeEmitters() {
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What became of an event that was offered, and who has to know. */
  enum Admission {
    TAKEN,
    /** It is alone in the ring, so a worker may wait for it. */
    TAKEN_FIRST,
    /** The spiller has to make room. */
    TAKEN_TO_SPILL,
    DROPPED
  }

  /**
   * Takes an event, or waits for room, or drops what the policy says.
   *
   * @param dropped gets old events that make room for it
   */
  Admission offer(Way way, Encoded event, Kind kind, List<Encoded> dropped, Runnable spillSoon)
      throws InterruptedException {
    int size = event.body().length;
    boolean asked = false;
    lock.lockInterruptibly();
    try {
      while (true) {
        way.requireOpen();
        if (budget.tooLarge(size)) {
          return drop(event, Loss.TOO_LARGE);
        }
        if (ring.count() < settings.bufferSize() && share.take(size)) {
          return add(event, kind);
        }
        switch (settings.whenFull()) {
          case BLOCK -> awaitRoom();
          case SPILL -> {
            if (ring.count() > 0) {
              spilling = true;
              behind = true;
            }
            if (spilling && !asked) {
              asked = true;
              spillSoon.run();
            }
            awaitRoom();
          }
          case DROP_NEWEST -> {
            return drop(event, Loss.FULL_NEWEST);
          }
          case DROP_OLDEST -> {
            if (ring.count() == 0) {
              return drop(event, Loss.FULL_NEWEST);
            }
            dropped.add(dropOldest());
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Admission add(Encoded event, Kind kind) {
    ledger.received(event.emittedNanos());
    Ring of = ring.of(kind);
    of.add(event);
    if (spilling) {
      return Admission.TAKEN_TO_SPILL;
    }
    // An unordered lane that piles up is offered to more workers now and then.
    return of.count() % Worker.BATCH == 1 && !behind ? Admission.TAKEN_FIRST : Admission.TAKEN;
  }

  @GuardedBy("lock")
  private Admission drop(Encoded event, Loss reason) {
    ledger.received(event.emittedNanos());
    ledger.dropped(reason, 1);
    return Admission.DROPPED;
  }

  @GuardedBy("lock")
  private Encoded dropOldest() {
    Encoded oldest = ring.takeOldest();
    share.giveBack(1, oldest.body().length);
    ledger.dropped(Loss.FULL_OLDEST, 1);
    return oldest;
  }

  @GuardedBy("lock")
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  private void awaitRoom() throws InterruptedException {
    waiting++;
    fullAt = ring.count();
    try {
      boolean unused = room.await(LOOK_FOR_ROOM_MILLIS, TimeUnit.MILLISECONDS);
    } finally {
      waiting--;
    }
  }

  void sampledOut(Way way, long nanos) {
    lock.lock();
    try {
      way.requireOpen();
      ledger.received(nanos);
      ledger.sampledOut();
    } finally {
      lock.unlock();
    }
  }

  /** Names the worker; it takes over when nothing is underway from the one before. */
  void assign(int worker) {
    home = worker;
  }

  int home() {
    return home;
  }

  /**
   * Takes the next events for a worker, as many as there is room for of each kind.
   *
   * @return how many
   */
  int take(int worker, Batch subjects, Batch actions) {
    lock.lock();
    try {
      if (!mayServe(worker)) {
        return 0;
      }
      Buffer source = behind ? fromDisk : ring;
      long before = source.bytes();
      subjects.take(source.of(Kind.SUBJECT));
      actions.take(source.of(Kind.ACTION));
      int taken = subjects.count() + actions.count();
      if (taken > 0) {
        left(taken, before - source.bytes());
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void left(int taken, long bytes) {
    if (behind) {
      diskUnderway += taken;
    } else {
      leftRing(taken, bytes);
    }
  }

  @GuardedBy("lock")
  private void leftRing(int taken, long bytes) {
    ledger.taken(taken);
    share.giveBack(taken, bytes);
    // Woken for each batch, emitters and workers would change places all the time.
    if (waiting > 0 && ring.count() <= fullAt / 2) {
      room.signalAll();
    }
  }

  @GuardedBy("lock")
  private boolean mayServe(int worker) {
    if (!settings.ordered()) {
      return true;
    }
    if (home != worker) {
      return false;
    }
    if (servedBy != worker && ledger.underway() + diskUnderway == 0) {
      servedBy = worker;
    }
    return servedBy == worker;
  }

  /** Whether a worker would be given something. */
  boolean hasWork(int worker, boolean subjects, boolean actions) {
    lock.lock();
    try {
      Buffer source = behind ? fromDisk : ring;
      boolean any =
          (subjects && source.of(Kind.SUBJECT).count() > 0)
              || (actions && source.of(Kind.ACTION).count() > 0);
      return any && mayServe(worker);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Events arrived.
   *
   * @param rows of which these were the last
   * @return whether another worker waits to take over
   */
  boolean published(int fromRing, int fromRows, List<StoredRow> rows) {
    lock.lock();
    try {
      ledger.published(fromRing, fromRows);
      diskUnderway -= fromRows;
      finished.addAll(rows);
      return takesOver();
    } finally {
      lock.unlock();
    }
  }

  /** An event did not arrive, and never will. */
  boolean lost(Loss reason, @Nullable StoredRow row) {
    lock.lock();
    try {
      ledger.lost(reason, row != null);
      if (row != null) {
        diskUnderway--;
        if (row.settledOne()) {
          finished.add(row);
        }
      }
      return takesOver();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean takesOver() {
    return servedBy != home && ledger.underway() + diskUnderway == 0;
  }

  /** For the spiller: rows to delete, handed over. */
  List<StoredRow> takeFinished() {
    lock.lock();
    try {
      if (finished.isEmpty()) {
        return List.of();
      }
      List<StoredRow> taken = finished;
      finished = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Whether rows may be on disk that come first. */
  boolean behind() {
    lock.lock();
    try {
      return behind;
    } finally {
      lock.unlock();
    }
  }

  boolean spilling() {
    lock.lock();
    try {
      return spilling;
    } finally {
      lock.unlock();
    }
  }

  /** No row is left: from now on workers take from the ring. */
  void caughtUp() {
    lock.lock();
    try {
      behind = false;
      spilling = false;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Somebody else's process left these on disk. */
  void recovered(long events) {
    lock.lock();
    try {
      ledger.recovered(events);
      behind = true;
    } finally {
      lock.unlock();
    }
  }

  /** A row was read. */
  void loaded(List<Encoded> events) {
    lock.lock();
    try {
      for (Encoded event : events) {
        fromDisk.of(router.target(event.type(), event.severity()).kind()).add(event);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Part of a row, or all of it, cannot be read. */
  void corrupt(long events) {
    lock.lock();
    try {
      ledger.corrupt(events);
    } finally {
      lock.unlock();
    }
  }

  /**
   * For the spiller: takes the oldest events of the ring, which count as queued until {@link
   * #stored} or {@link #stopped}.
   */
  List<Encoded> takeToStore(long bytes) {
    lock.lock();
    try {
      List<Encoded> taken = ring.takeOldest(bytes);
      long size = 0;
      for (Encoded event : taken) {
        size += event.body().length;
      }
      leftRing(taken.size(), size);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void stored(int events) {
    lock.lock();
    try {
      ledger.stored(events);
    } finally {
      lock.unlock();
    }
  }

  void stopped(long events) {
    lock.lock();
    try {
      ledger.stopped(events);
    } finally {
      lock.unlock();
    }
  }

  /** Bytes in the ring. */
  long ringBytes() {
    lock.lock();
    try {
      return ring.bytes();
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody waits for room. */
  boolean full() {
    lock.lock();
    try {
      return waiting > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Neither in the ring nor on the way from there. */
  boolean drained() {
    lock.lock();
    try {
      return ring.count() == 0 && ledger.underway() == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Taken from the ring and not settled. */
  long underway() {
    lock.lock();
    try {
      return ledger.underway();
    } finally {
      lock.unlock();
    }
  }

  LaneStats stats() {
    lock.lock();
    try {
      return ledger.stats(name, ring, settings.bufferSize());
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param now why it cannot use the disk, null for nothing
   */
  void trouble(@Nullable String now) {
    trouble = now;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
