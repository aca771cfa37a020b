package org.osprey.coordinator.collectors.config;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collectors.config.CollectorConfig.Made;

/**
 * Makes a collector that never starts, to hear whether its kind takes the settings: making one does
 * no I/O and starts no thread.
 */
final class Trial implements CollectorContext {
  private final String name;

  private Trial(String name) {
    this.name = name;
  }

  /**
   * @return why not; null when it does
   */
  @SuppressWarnings("ConstantValue") // what others wrote may return null
  static @Nullable String refusal(String name, Made made) {
    try {
      return made.create(new Trial(name)) == null ? "its kind made no collector" : null;
    } catch (IllegalArgumentException e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return "cannot be used: " + e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InstantSource clock() {
    return InstantSource.system();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return RandomGenerator.getDefault();
  }

  @Override
  public void every(Duration interval, Task task) {}

  @Override
  public void failed(Throwable why) {}

  @Override
  public Optional<String> saved() {
    return Optional.empty();
  }

  @Override
  public void save(String position) {}
}
