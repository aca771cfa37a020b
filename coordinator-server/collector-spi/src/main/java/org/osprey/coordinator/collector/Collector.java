package org.osprey.coordinator.collector;

/**
 * Watches something and emits what it sees. Made anew for each start; its methods are called by one
 * thread at a time, but for {@link #health}.
 */
public interface Collector extends AutoCloseable {

  /**
   * Begins to work, on threads of its own or with {@link CollectorContext#every}, and returns
   * within seconds. Threads that it makes here, and those that they make, are expected to end after
   * {@link #close}.
   *
   * @throws Exception when it cannot; it is closed and tried again later
   */
  void start(Emitter emitter) throws Exception;

  /** Asked every second or so. Never blocks. What it throws counts as failed. */
  default Health health() {
    return Health.ok("running");
  }

  /** Ends its work, within seconds. Called also after a {@link #start} that threw or hangs. */
  @Override
  void close();
}
