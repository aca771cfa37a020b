package org.osprey.coordinator.testdata;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts of what became of actions, by outcome. Thread-safe. */
final class Tally {
  private final LongAdder sent = new LongAdder();
  private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();

  void sent() {
    sent.increment();
  }

  void count(String outcome) {
    outcomes.computeIfAbsent(outcome, name -> new LongAdder()).increment();
  }

  long allSent() {
    return sent.sum();
  }

  long of(String outcome) {
    LongAdder count = outcomes.get(outcome);
    return count == null ? 0 : count.sum();
  }

  /** Such as {@code sent=12 answered=11 UNAVAILABLE=1}. */
  String words() {
    String counts =
        outcomes.entrySet().stream()
            .map(outcome -> " " + outcome.getKey() + "=" + outcome.getValue().sum())
            .collect(Collectors.joining());
    return "sent=" + sent.sum() + counts;
  }
}
