package org.osprey.coordinator.database;

import static org.awaitility.Awaitility.await;
import static org.osprey.coordinator.database.TestDatabase.PATIENCE;
import static org.osprey.coordinator.database.TestDatabase.insert;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Writes number after number, a bounded lot of them at a time. */
final class WriteLoad implements AutoCloseable {
  private static final int OUTSTANDING = 64;

  private final Database database;
  private final Semaphore room = new Semaphore(OUTSTANDING);
  private final Set<Long> stored = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::write, "write-load");
  private volatile boolean stopping;

  WriteLoad(Database database) {
    this.database = database;
    thread.start();
  }

  void awaitMoreStored(int more) {
    int wanted = stored.size() + more;
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              rethrow();
              return stored.size() >= wanted;
            });
  }

  /**
   * @return every number that was written; each write has succeeded
   */
  Set<Long> finish() throws InterruptedException {
    stopping = true;
    thread.join();
    room.acquire(OUTSTANDING);
    rethrow();
    return Set.copyOf(stored);
  }

  @Override
  public void close() {
    stopping = true;
    room.release(OUTSTANDING);
  }

  private void write() {
    for (long next = 0; !stopping; next++) {
      room.acquireUninterruptibly();
      long number = next;
      database.write(insert(number)).whenComplete((rows, fault) -> ended(number, fault));
    }
  }

  private void ended(long number, @Nullable Throwable fault) {
    if (fault == null) {
      stored.add(number);
    } else {
      failure.set(fault);
    }
    room.release();
  }

  private void rethrow() {
    Throwable fault = failure.get();
    if (fault != null) {
      throw new AssertionError("a write failed", fault);
    }
  }
}
