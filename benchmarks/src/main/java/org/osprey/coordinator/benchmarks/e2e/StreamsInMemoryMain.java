package org.osprey.coordinator.benchmarks.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.streams.Transport;

/**
 * Runs streams in this JVM, which has nothing else to do, and prints what that takes, a line of a
 * name and a number for each figure.
 */
public final class StreamsInMemoryMain {
  private static final int STREAMS = Integer.getInteger("streams.count", 20_000);
  private static final int SECONDS = Integer.getInteger("streams.seconds", 60);
  private static final int WARM_UP = Integer.getInteger("streams.warmup", 20);

  private final OwnJvm jvm = new OwnJvm();
  private final Arrivals arrivals =
      new Arrivals(IntStream.range(0, STREAMS).mapToObj(Show::streamId).toArray(String[]::new));
  private final List<Transport.Watch> watches = new ArrayList<>(STREAMS);
  private final LocalStreams streams;
  private final StreamLoad load;

  private StreamsInMemoryMain(LocalStreams streams, StreamLoad load) {
    this.streams = streams;
    this.load = load;
  }

  /**
   * @param arguments the folder for the database
   */
  public static void main(String[] arguments) throws Exception {
    Path file = Files.createDirectories(Path.of(arguments[0])).resolve("streams.db");
    try (LocalStreams streams = new LocalStreams(file);
        StreamLoad load =
            new StreamLoad(
                STREAMS, streams.commands()::command, streams.commands()::subscription)) {
      new StreamsInMemoryMain(streams, load).measure();
    }
  }

  private void measure() throws InterruptedException {
    long before = jvm.liveSet();
    long creating = System.nanoTime();
    load.create();
    print("creating", (System.nanoTime() - creating) / 1e9);
    watchAll();
    Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP));
    measureClock();
    print("refused", load.refused());
    print("heap", (jvm.liveSet() - before) / (double) STREAMS);
  }

  private void watchAll() throws InterruptedException {
    for (int i = 0; i < STREAMS; i++) {
      int watcher = i;
      watches.add(streams.watch(Show.streamId(i), update -> arrivals.arrived(watcher, update)));
    }
    load.register();
    arrivals.awaitBegun();
  }

  private void measureClock() throws InterruptedException {
    HistogramStats engineBefore = streams.lateness();
    jvm.reset();
    double cpuBefore = jvm.cpuSeconds();
    arrivals.begin();
    Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
    Arrivals.Window window = arrivals.end();
    double cpu = jvm.cpuSeconds() - cpuBefore;
    HistogramStats engine = streams.lateness().since(engineBefore);
    print("updates", window.updatesPerSecond());
    print("share", window.share());
    print("p50", window.lateness().quantile(0.5));
    print("p99", window.lateness().quantile(0.99));
    print("max", window.lateness().most());
    print("engineP99", engine.quantileSeconds(0.99) * 1_000);
    print("missed", window.changesMissed());
    print("cores", cpu / window.seconds());
    print("pauses", jvm.pauses());
    print("paused", jvm.pausedMillis());
    print("longest", jvm.longestMillis());
  }

  private static void print(String name, double value) {
    System.out.printf(Locale.ROOT, "figure %s %f%n", name, value);
  }
}
