package org.osprey.coordinator.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An honest caller beside an attacker: calls again as soon as it is answered. */
final class Neighbour implements AutoCloseable {
  private final Caller caller;
  private final Thread thread;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Long> nanos = new ArrayList<>();
  private volatile boolean closed;

  private Neighbour(Caller caller) {
    this.caller = caller;
    thread = Thread.ofVirtual().unstarted(this::callAll);
  }

  static Neighbour of(CoordinatorTester tester) {
    return of(tester.caller());
  }

  static Neighbour of(Caller caller) {
    Neighbour neighbour = new Neighbour(caller.withDeadline(Duration.ofMinutes(1)));
    neighbour.thread.start();
    return neighbour;
  }

  int calls() {
    return calls.get();
  }

  Duration slowest() {
    return quantile(1);
  }

  /** Of the time a call took, at the given share of all calls. */
  Duration quantile(double share) {
    synchronized (nanos) {
      return Duration.ofNanos(
          nanos.stream().sorted().skip((long) ((nanos.size() - 1) * share)).findFirst().orElse(0L));
    }
  }

  boolean hasFailed() {
    return failure.get() != null;
  }

  /** Fails if any call did. */
  void check() {
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError("a call failed after " + calls, failed);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void callAll() {
    while (!closed && failure.get() == null) {
      try {
        call(calls.get() + 1);
      } catch (RuntimeException | AssertionError e) {
        failure.set(e);
      }
    }
  }

  private void call(long id) {
    long began = System.nanoTime();
    long answered = caller.call(Caller.request(id).build()).getVerdicts().getActionId();
    if (answered != id) {
      throw new AssertionError("verdicts of %d for %d".formatted(answered, id));
    }
    synchronized (nanos) {
      nanos.add(System.nanoTime() - began);
    }
    calls.incrementAndGet();
  }
}
