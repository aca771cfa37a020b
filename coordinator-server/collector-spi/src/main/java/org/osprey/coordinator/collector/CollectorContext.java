package org.osprey.coordinator.collector;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What a collector is given by the one who runs it. Safe for use by many threads. */
public interface CollectorContext {

  /** The name it has in the configuration, which is not always that of its kind. */
  String name();

  InstantSource clock();

  /** Nanoseconds of a clock that never goes back. */
  long nanos();

  RandomGenerator random();

  /**
   * Runs a task again and again on a thread of this collector, the first time after a part of the
   * interval that differs between collectors. It ends with the collector. A task that throws has
   * the collector closed and started again, after a pause that grows.
   */
  void every(Duration interval, Task task);

  /**
   * The collector cannot go on: it is closed, and started again after a pause that grows. For
   * threads of its own.
   */
  void failed(Throwable why);

  /** What was saved last under this collector's name, also by an earlier process. May block. */
  Optional<String> saved();

  /**
   * Keeps where it is in what it reads. Returns at once; what is saved last wins, and is on disk a
   * moment later.
   *
   * @param position at most 64 KiB of text
   */
  void save(String position);

  /** One poll. */
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }
}
