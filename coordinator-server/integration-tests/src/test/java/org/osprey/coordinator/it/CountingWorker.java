package org.osprey.coordinator.it;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.ReceivedAction;
import org.osprey.coordinator.worker.StreamWorker;

/** A worker that acks whatever it is handed, and knows what that was. */
final class CountingWorker implements AutoCloseable {
  private final Set<Long> handled = ConcurrentHashMap.newKeySet();
  private final AtomicLong handOvers = new AtomicLong();
  private final StreamWorker worker;

  private CountingWorker(String target, int streams) {
    worker = StreamWorker.builder().target(target).streams(streams).handler(this::handle).build();
  }

  static CountingWorker start(String target, int streams) {
    CountingWorker started = new CountingWorker(target, streams);
    started.worker.start();
    return started;
  }

  private Answer handle(ReceivedAction action) {
    handOvers.incrementAndGet();
    handled.add(Long.parseUnsignedLong(action.idText()));
    return Answer.verdicts("seen");
  }

  long handled() {
    return handled.size();
  }

  long handOvers() {
    return handOvers.get();
  }

  /** Hand-overs of what had been handed over before. */
  long duplicates() {
    return handOvers.get() - handled.size();
  }

  long nacked() {
    return worker.stats().nacked();
  }

  /** What of these ids it has not seen. */
  Set<Long> missing(Set<Long> ids) {
    Set<Long> missing = new HashSet<>(ids);
    missing.removeAll(handled);
    return missing;
  }

  @Override
  public void close() {
    worker.close();
  }
}
