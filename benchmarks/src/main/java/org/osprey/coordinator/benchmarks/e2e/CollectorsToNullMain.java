package org.osprey.coordinator.benchmarks.e2e;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.core.HistogramStats;

/** Runs a flow in this JVM, and prints what it takes. */
public final class CollectorsToNullMain {
  static final List<Integer> WORKERS = List.of(1, 2, 4);

  private static final int SECONDS = Integer.getInteger("collectors.seconds", 10);
  private static final int WARM_UP_SECONDS = 5;
  private static final int GENERATORS = 8;
  private static final int FIXED_RATE = 50_000;
  private static final int ROOM = 100_000;

  /** Less than there is room for, as collectors borrow some of the room before they need it. */
  private static final int BUFFERED = 80_000;

  private CollectorsToNullMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    OwnJvm jvm = new OwnJvm();
    // First, while nothing else is there to be forgotten meanwhile.
    heap(jvm);
    double most = 0;
    for (int workers : WORKERS) {
      double rate = rate(workers);
      print("rate" + workers, rate);
      most = Math.max(most, rate);
    }
    print("rate", most);
    fixedRate(jvm);
  }

  private static double rate(int workers) throws InterruptedException {
    try (EventLoad load = new EventLoad(workers, ROOM, NullPublisher.WINDOW)) {
      load.generate(GENERATORS, 0);
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      return measure(load);
    }
  }

  /**
   * @return events published in a second
   */
  private static double measure(EventLoad load) throws InterruptedException {
    long before = published(load);
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(SECONDS);
    return (published(load) - before) * 1e9 / (System.nanoTime() - start);
  }

  private static long published(EventLoad load) {
    return load.flow().stats().stream().mapToLong(LaneStats::published).sum();
  }

  private static void fixedRate(OwnJvm jvm) throws InterruptedException {
    try (EventLoad load = new EventLoad(4, ROOM, NullPublisher.WINDOW)) {
      load.generate(GENERATORS, FIXED_RATE / GENERATORS);
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      HistogramStats processing = load.flow().processing();
      HistogramStats toPublish = load.flow().emitToPublish();
      double cpu = jvm.cpuSeconds();
      print("fixed", measure(load));
      print("cores", (jvm.cpuSeconds() - cpu) / SECONDS);
      print("worker", load.flow().processing().since(processing).quantileSeconds(0.99) * 1_000);
      print("publish", load.flow().emitToPublish().since(toPublish).quantileSeconds(0.99) * 1_000);
    }
  }

  private static void heap(OwnJvm jvm) throws InterruptedException {
    try (EventLoad load = new EventLoad(1, ROOM, 0)) {
      long before = jvm.liveSet();
      load.fill(GENERATORS, BUFFERED / GENERATORS);
      long after = jvm.liveSet();
      long bytes = load.flow().stats().stream().mapToLong(LaneStats::bytes).sum();
      print("size", (double) bytes / BUFFERED);
      print("heap", (double) (after - before) / BUFFERED);
    }
  }

  private static void print(String name, double value) {
    System.out.printf(Locale.ROOT, "figure %s %f%n", name, value);
  }
}
