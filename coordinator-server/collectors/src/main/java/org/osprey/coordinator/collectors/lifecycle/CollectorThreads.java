package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The threads of one instance: those made here, and all that they make. Virtual threads belong to
 * nobody and are not seen.
 */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // a group of threads is safe for use by many
final class CollectorThreads extends ThreadGroup {
  /** Of the JDK, for everybody; whoever needs it first has it in its group. */
  private static final String SHARED_TIMER = "CompletableFutureDelayScheduler";

  private static final String SHARED_POOL = "ForkJoinPool.commonPool-";

  private final Consumer<Throwable> failed;

  /**
   * @param failed is told of what ends a thread
   */
  CollectorThreads(String collector, Consumer<Throwable> failed) {
    super("collector-" + collector);
    this.failed = failed;
  }

  /** One more; what the kind's jar holds can be loaded by name from it. */
  Thread start(String what, ClassLoader classes, Runnable body) {
    Thread thread = new Thread(this, body, getName() + what);
    thread.setDaemon(true);
    thread.setContextClassLoader(classes);
    thread.start();
    return thread;
  }

  int alive() {
    return Math.toIntExact(own().count());
  }

  /** Of each of them. */
  void interruptAll() {
    own().forEach(Thread::interrupt);
  }

  private Stream<Thread> own() {
    Thread[] threads = new Thread[activeCount() + 16];
    int count = enumerate(threads, true);
    while (count == threads.length) {
      threads = new Thread[threads.length * 2];
      count = enumerate(threads, true);
    }
    return Arrays.stream(threads).filter(Objects::nonNull).filter(thread -> !isShared(thread));
  }

  private static boolean isShared(Thread thread) {
    boolean isPooled =
        thread instanceof ForkJoinWorkerThread worker
            && Objects.equals(worker.getPool(), ForkJoinPool.commonPool());
    return isPooled
        || thread.getName().equals(SHARED_TIMER)
        || thread.getName().startsWith(SHARED_POOL);
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    failed.accept(failure);
    if (isFatal(failure)) {
      super.uncaughtException(thread, failure);
    }
  }

  /** What is wrong with the whole process, and nothing that a collector may hide. */
  static boolean isFatal(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }
}
