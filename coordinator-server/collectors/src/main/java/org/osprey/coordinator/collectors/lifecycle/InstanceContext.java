package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.collector.CollectorContext;

/** What one instance is given. */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // what it holds is safe for use by many
final class InstanceContext implements CollectorContext {
  private static final int LONGEST_POSITION = 64 << 10;

  private final String name;
  private final Surroundings around;
  private final Tasks tasks;
  private final Consumer<Throwable> failed;
  private volatile boolean superseded;

  InstanceContext(String name, Surroundings around, Tasks tasks, Consumer<Throwable> failed) {
    this.name = name;
    this.around = around;
    this.tasks = tasks;
    this.failed = failed;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InstantSource clock() {
    return around.clock();
  }

  @Override
  public long nanos() {
    return around.ticker().nanos();
  }

  @Override
  public RandomGenerator random() {
    return around.random();
  }

  @Override
  public void every(Duration interval, Task task) {
    tasks.every(interval, around.random().nextDouble(), task);
  }

  @Override
  public void failed(Throwable why) {
    failed.accept(Objects.requireNonNull(why, "why"));
  }

  @Override
  public Optional<String> saved() {
    return around.positions().load(name);
  }

  /** Also after it was closed: what it emitted is published later. */
  @Override
  public void save(String position) {
    if (position.length() > LONGEST_POSITION) {
      throw new IllegalArgumentException(
          "position must have at most %d characters, got %d"
              .formatted(LONGEST_POSITION, position.length()));
    }
    if (!superseded) {
      around.positions().save(name, position);
    }
  }

  void supersede() {
    superseded = true;
  }
}
