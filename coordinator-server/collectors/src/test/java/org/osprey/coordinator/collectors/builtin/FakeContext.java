package org.osprey.coordinator.collectors.builtin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.collector.CollectorContext;

/** Runs tasks when it is told to, at a time that it is told. */
public final class FakeContext implements CollectorContext {
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final String name;
  private final List<Task> tasks = new ArrayList<>();
  private final List<Duration> intervals = new ArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private volatile Optional<String> saved = Optional.empty();
  private volatile int saves;
  private volatile long nanos = 1_000_000_000_000L;

  public FakeContext(String name) {
    this.name = name;
  }

  /** As the same collector finds it after a crash. */
  public FakeContext successor() {
    FakeContext next = new FakeContext(name);
    next.saved = saved;
    next.nanos = nanos;
    return next;
  }

  /** Every task once. */
  public void poll() throws Exception {
    for (Task task : tasks) {
      task.run();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // by the test's thread only
  public void advance(Duration by) {
    nanos += by.toNanos();
  }

  public List<Duration> intervals() {
    return intervals;
  }

  public List<Throwable> failures() {
    return failures;
  }

  /** How often something was saved. */
  public int saves() {
    return saves;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InstantSource clock() {
    return () -> START.plusNanos(nanos - 1_000_000_000_000L);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public RandomGenerator random() {
    return new Random(1);
  }

  @Override
  public void every(Duration interval, Task task) {
    intervals.add(interval);
    tasks.add(task);
  }

  @Override
  public void failed(Throwable why) {
    failures.add(why);
  }

  @Override
  public Optional<String> saved() {
    return saved;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // saved by one thread at a time
  public void save(String position) {
    saved = Optional.of(position);
    saves++;
  }
}
