package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.nats.NatsServer;

/** A coordinator and one who watches each of its streams, with a nats-server between them. */
final class StreamsOverNats implements Scenario {
  private static final int STREAMS = Integer.getInteger("streams.nats", 2_000);
  private static final int SECONDS = Integer.getInteger("streams.seconds", 60);
  private static final int WARM_UP = Integer.getInteger("streams.warmup", 20);
  private static final double BOUND_MILLIS = 30;
  private static final String LATENESS = "streams_lateness_seconds";

  @Override
  public List<Figure> measure() throws Exception {
    Path folder = Files.createTempDirectory("streams-e2e");
    try (NatsServer server = NatsServer.start();
        CoordinatorChild coordinator = CoordinatorChild.start(settings(folder, server));
        HttpPort http = new HttpPort(coordinator);
        NatsWatcher watcher = new NatsWatcher(server.url());
        StreamLoad load = new StreamLoad(STREAMS, watcher::command, watcher::subscription)) {
      load.create();
      Arrivals arrivals = watchAll(watcher, load);
      Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP));
      return measureClock(coordinator, http, arrivals, load);
    } finally {
      Folders.delete(folder);
    }
  }

  private static String settings(Path folder, NatsServer server) {
    return """
        database: {file: "%s"}
        streams:
          enabled: true
          natsServers: ["%s"]
        """
        .formatted(folder.resolve("streams.db"), server.url());
  }

  private static Arrivals watchAll(NatsWatcher watcher, StreamLoad load)
      throws InterruptedException, TimeoutException {
    Arrivals arrivals =
        new Arrivals(IntStream.range(0, STREAMS).mapToObj(Show::streamId).toArray(String[]::new));
    watcher.watch(STREAMS, arrivals);
    load.register();
    arrivals.awaitBegun();
    return arrivals;
  }

  private static List<Figure> measureClock(
      CoordinatorChild coordinator, HttpPort http, Arrivals arrivals, StreamLoad load)
      throws IOException, InterruptedException {
    HistogramStats before = http.metrics().histogram(LATENESS);
    double cpuBefore = coordinator.jvm().cpuMillis();
    arrivals.begin();
    Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
    Arrivals.Window window = arrivals.end();
    double cpu = coordinator.jvm().cpuMillis() - cpuBefore;
    HistogramStats published = http.metrics().histogram(LATENESS).since(before);
    Lateness arrived = window.lateness();
    return List.of(
        Figure.of("updates", window.updatesPerSecond(), "1/s"),
        Figure.atLeast("ticks that came, of those due", window.share(), "", 0.95),
        Figure.of("lateness p50, published", published.quantileSeconds(0.5) * 1_000, "ms"),
        Figure.of("lateness p99, published", published.quantileSeconds(0.99) * 1_000, "ms"),
        Figure.of("lateness p50, arrived", arrived.quantile(0.5), "ms"),
        Figure.atMost("lateness p99, arrived", arrived.quantile(0.99), "ms", BOUND_MILLIS),
        Figure.of("lateness max, arrived", arrived.most(), "ms"),
        Figure.atMost("scene changes missed", window.changesMissed(), "", 0),
        Figure.atMost("heartbeats refused", load.refused(), "", 0),
        Figure.of("coordinator's CPU", cpu / 1_000 / window.seconds(), "cores"),
        Figure.of("RSS", coordinator.jvm().rssKib() / 1024, "MiB"));
  }
}
