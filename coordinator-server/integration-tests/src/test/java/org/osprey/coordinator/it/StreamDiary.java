package org.osprey.coordinator.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All that one watcher was told of one stream, in the order in which it came. */
final class StreamDiary {
  private final List<SeenState> states = new ArrayList<>();

  synchronized void add(SeenState state) {
    states.add(state);
  }

  synchronized List<SeenState> all() {
    return List.copyOf(states);
  }

  synchronized int size() {
    return states.size();
  }

  synchronized @Nullable SeenState newest() {
    return states.isEmpty() ? null : states.getLast();
  }

  long epoch() {
    SeenState last = newest();
    return last == null ? 0 : last.epoch();
  }

  /** Whether something was told, and the last of it is such a state. */
  boolean tells(Predicate<SeenState> wanted) {
    SeenState last = newest();
    return last != null && wanted.test(last);
  }

  SeenState last() {
    return Objects.requireNonNull(newest(), "nothing was told");
  }

  boolean isRunningAfter(long epoch) {
    return tells(last -> last.epoch() > epoch && last.isRunning());
  }

  /** How often an older state came after a newer one. */
  long disorders() {
    long disorders = 0;
    SeenState newest = null;
    for (SeenState state : all()) {
      if (newest != null && state.isOlderThan(newest)) {
        disorders++;
      } else {
        newest = state;
      }
    }
    return disorders;
  }

  /** How often two different states have the same number. */
  long contradictions() {
    Map<List<Long>, SeenState> numbered = new HashMap<>();
    return all().stream()
        .filter(
            state -> {
              SeenState other = numbered.putIfAbsent(List.of(state.epoch(), state.seq()), state);
              return other != null && other.serverTime() != state.serverTime();
            })
        .count();
  }

  /**
   * Milliseconds between where the stream is and where it would be had it run all the time since
   * its first running state; the median of what was told of an epoch.
   */
  long offTruth(long epoch, long total) {
    List<SeenState> all = all();
    long truth = all.stream().filter(SeenState::isRunning).findFirst().orElseThrow().began(total);
    long[] off =
        all.stream()
            .filter(state -> state.epoch() == epoch && state.isRunning())
            .mapToLong(state -> Math.abs(state.began(total) - truth))
            .sorted()
            .toArray();
    return off[off.length / 2];
  }
}
