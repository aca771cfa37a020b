package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Clients that watch over WebSockets, on one stream and on one each; first alone, then beside some
 * who do not read, until the coordinator has ended those.
 */
final class StreamsOverWebSockets implements Scenario {
  private static final int SOCKETS = Integer.getInteger("streams.sockets", 1_000);
  private static final int STUCK = Integer.getInteger("streams.stuck", 100);
  private static final int SECONDS = Integer.getInteger("streams.seconds", 60);
  private static final int WARM_UP = Integer.getInteger("streams.warmup", 20);
  private static final int HEAP_LOOKS = 3;
  private static final double BOUND_SHARE = 0.95;
  private static final double BOUND_KIB = 64;

  /** By then buffers are full, and nobody is cut off yet. */
  private static final Duration FILLING = Duration.ofSeconds(25);

  private static final Duration CUT_PATIENCE = Duration.ofSeconds(90);

  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>(measure(1));
    figures.addAll(measure(SOCKETS));
    return figures;
  }

  private static List<Figure> measure(int streams) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("streams-e2e");
    try (CoordinatorChild coordinator = CoordinatorChild.start(settings(folder));
        HttpPort http = new HttpPort(coordinator)) {
      return new Run(coordinator, http, streams).measure();
    } finally {
      Folders.delete(folder);
    }
  }

  private static String settings(Path folder) {
    return """
        database: {file: "%s"}
        http: {maxConnections: 10000}
        streams:
          enabled: true
        """
        .formatted(folder.resolve("streams.db"));
  }

  private static final class Run {
    private final CoordinatorChild coordinator;
    private final HttpPort http;
    private final int streams;
    private final List<String> watched;
    private final Arrivals arrivals;
    private final List<Figure> figures = new ArrayList<>();

    private Run(CoordinatorChild coordinator, HttpPort http, int streams) {
      this.coordinator = coordinator;
      this.http = http;
      this.streams = streams;
      watched = IntStream.range(0, SOCKETS).mapToObj(i -> Show.streamId(i % streams)).toList();
      arrivals = new Arrivals(watched.toArray(String[]::new));
    }

    private List<Figure> measure() throws IOException, InterruptedException {
      for (int i = 0; i < streams; i++) {
        http.createStream(Show.streamId(i));
      }
      double unwatched = heapKib();
      try (WebSocketWatchers watchers =
          new WebSocketWatchers(coordinator.httpPort(), arrivals, watched)) {
        Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP));
        alone();
        double alone = heapKib();
        add(Figure.of("heap of a socket", (alone - unwatched) / SOCKETS, "KiB"));
        besideStuck(alone);
        add(Figure.atMost("sockets that read and were ended", watchers.dropped(), "", 0));
      }
      add(Figure.of("RSS", coordinator.jvm().rssKib() / 1024, "MiB"));
      return figures;
    }

    private void alone() throws IOException, InterruptedException {
      double cpu = coordinator.jvm().cpuMillis();
      arrivals.begin();
      Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
      tell("", arrivals.end(), cpu);
    }

    private void besideStuck(double heapAlone) throws IOException, InterruptedException {
      double cpu = coordinator.jvm().cpuMillis();
      arrivals.begin();
      try (StuckSockets stuck =
          new StuckSockets(
              coordinator.httpPort(),
              IntStream.range(0, STUCK).mapToObj(i -> watched.get(i % SOCKETS)).toList())) {
        stuck.watch(FILLING);
        // Looking at the heap stops the coordinator, so that is not counted.
        tell(", beside stuck", arrivals.end(), cpu);
        double heap = heapKib() - heapAlone;
        arrivals.begin();
        stuck.watch(CUT_PATIENCE);
        Arrivals.Window ending = arrivals.end();
        add(Figure.atLeast("ticks that came, as they end", ending.share(), "", BOUND_SHARE));
        add(Figure.atMost("changes missed, as they end", ending.changesMissed(), "", 0));
        add(Figure.atMost("heap of a stuck one", heap / STUCK, "KiB", BOUND_KIB));
        add(Figure.of("kernel holds for a stuck one", stuck.mostToSendKib(), "KiB"));
        add(Figure.atLeast("stuck ones ended", stuck.ended(), "", STUCK));
        add(Figure.of("of them, said to be stuck", cut(), ""));
        add(Figure.of("after the last byte", stuck.longestSeconds(), "s"));
      }
    }

    /** The least of some: what is on its way to clients comes and goes. */
    private double heapKib() throws IOException, InterruptedException {
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < HEAP_LOOKS; i++) {
        least = Math.min(least, coordinator.jvm().heapKib());
      }
      return least;
    }

    private double cut() throws IOException, InterruptedException {
      return http.metrics().value("streams_watchers_cut_total{reason=\"stuck\"}");
    }

    private void tell(String when, Arrivals.Window window, double cpuBefore) throws IOException {
      double cpu = coordinator.jvm().cpuMillis() - cpuBefore;
      Lateness lateness = window.lateness();
      add(Figure.of("frames" + when, window.updatesPerSecond(), "1/s"));
      add(Figure.atLeast("ticks that came" + when, window.share(), "", BOUND_SHARE));
      add(Figure.of("lateness p50" + when, lateness.quantile(0.5), "ms"));
      add(Figure.of("lateness p99" + when, lateness.quantile(0.99), "ms"));
      add(Figure.of("lateness max" + when, lateness.most(), "ms"));
      add(Figure.of("scene changes" + when, window.changesSeen(), ""));
      add(Figure.atMost("scene changes missed" + when, window.changesMissed(), "", 0));
      add(Figure.atMost("CPU" + when, cpu / 1_000 / window.seconds(), "cores", 1));
    }

    private void add(Figure figure) {
      figures.add(figure.named((streams == 1 ? "1 stream: " : streams + ": ") + figure.name()));
    }
  }
}
