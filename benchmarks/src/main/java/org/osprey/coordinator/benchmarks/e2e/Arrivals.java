package org.osprey.coordinator.benchmarks.e2e;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/**
 * Holds what watchers are told of {@link Show} against the clock: a stream says where it is and
 * when, so its beginning is known to a millisecond, and with that when each tick was due. The
 * beginning is taken as the earliest that any update gives, so lateness is never shown too small.
 *
 * <p>Each watcher may be told by a thread of its own; one watcher is told by one at a time.
 */
final class Arrivals {
  private static final long MICROS_PER_MILLI = 1_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long NONE = Long.MIN_VALUE;

  /** A scene that has begun so shortly ago may still be on its way. */
  private static final long SLACK_MILLIS = 1_000;

  /** From the clock that goes evenly to that of the wall. */
  private final long wallMicros =
      ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())
          - TimeUnit.NANOSECONDS.toMicros(System.nanoTime());

  private final int[] phases;

  /** When the stream of each watcher began, in microseconds of the wall's clock. */
  private final long[] begins;

  /** The last tick of each watcher, as a position in milliseconds over all loops. */
  private final long[] ticks;

  /** The scenes that each watcher has seen begin. */
  private final long[] changes;

  /** How much each watcher was told. */
  private final long[] told;

  private volatile @Nullable Window window;

  /** What came in a span of time. */
  final class Window {
    private final long begin = System.nanoTime();
    private final Lateness lateness = new Lateness();
    private final long toldBefore = toldSoFar();
    private final LongAdder changesSeen = new LongAdder();
    private final LongAdder changesMissed = new LongAdder();
    private double seconds;
    private double updates;

    Lateness lateness() {
      return lateness;
    }

    double updatesPerSecond() {
      return updates / seconds;
    }

    double changesSeen() {
      return changesSeen.sum();
    }

    double changesMissed() {
      return changesMissed.sum();
    }

    double seconds() {
      return seconds;
    }

    /** Of the ticks that were due, how many came. */
    double share() {
      return lateness.count() * Show.TICK / (phases.length * seconds * 1_000);
    }
  }

  /**
   * @param streams the stream of each watcher
   */
  Arrivals(String... streams) {
    phases = Arrays.stream(streams).mapToInt(Show::phase).toArray();
    begins = filled(streams.length, Long.MAX_VALUE);
    ticks = filled(streams.length, NONE);
    changes = filled(streams.length, NONE);
    told = new long[streams.length];
  }

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    Arrays.fill(values, value);
    return values;
  }

  /** Returns when every watcher has been told of a stream that runs. */
  void awaitBegun() throws InterruptedException {
    long began = System.nanoTime();
    while (begun() < ticks.length) {
      if (System.nanoTime() - began > PATIENCE_NANOS) {
        throw new IllegalStateException(
            "only %d of %d watchers are told anything".formatted(begun(), ticks.length));
      }
      Thread.sleep(Show.TICK);
    }
  }

  private long toldSoFar() {
    return Arrays.stream(told).sum();
  }

  private long begun() {
    return Arrays.stream(ticks).filter(tick -> tick != NONE).count();
  }

  void begin() {
    window = new Window();
  }

  Window end() {
    Window ended = window;
    if (ended == null) {
      throw new IllegalStateException("nothing was begun");
    }
    window = null;
    ended.seconds = (System.nanoTime() - ended.begin) / 1e9;
    ended.updates = toldSoFar() - ended.toldBefore;
    ended.changesMissed.add(changesOverdue());
    return ended;
  }

  void arrived(int watcher, StateUpdate update) {
    if (update.getIsRunning()) {
      long position = update.getLoop() * Show.TOTAL + update.getCurrentTime();
      arrived(watcher, position, update.getServerTime());
    }
  }

  /**
   * A state of a stream that runs.
   *
   * @param position in milliseconds over all loops
   * @param serverTime milliseconds since 1970
   */
  void arrived(int watcher, long position, long serverTime) {
    begins[watcher] = Math.min(begins[watcher], (serverTime - position) * MICROS_PER_MILLI);
    told[watcher]++;
    Window now = window;
    tick(watcher, position, now);
    change(watcher, Show.changesBy(position), now);
  }

  private void tick(int watcher, long position, @Nullable Window now) {
    long due = ticks[watcher] + Show.TICK;
    if (ticks[watcher] != NONE && position < due) {
      return;
    }
    if (now != null && ticks[watcher] != NONE) {
      now.lateness.add(wallMicros() - begins[watcher] - due * MICROS_PER_MILLI);
    }
    ticks[watcher] = position - Math.floorMod(position - phases[watcher], Show.TICK);
  }

  private void change(int watcher, long begun, @Nullable Window now) {
    long before = changes[watcher];
    changes[watcher] = begun;
    if (now != null && before != NONE && begun > before) {
      now.changesSeen.increment();
      now.changesMissed.add(begun - before - 1);
    }
  }

  /** Those that should have come and did not, at watchers who are told nothing any more. */
  private long changesOverdue() {
    long overdue = 0;
    for (int i = 0; i < phases.length; i++) {
      if (changes[i] != NONE) {
        long position = (wallMicros() - begins[i]) / MICROS_PER_MILLI - SLACK_MILLIS;
        overdue += Math.max(0, Show.changesBy(position) - changes[i]);
      }
    }
    return overdue;
  }

  private long wallMicros() {
    return wallMicros + TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
  }
}
