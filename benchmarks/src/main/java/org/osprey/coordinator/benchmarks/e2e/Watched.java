package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to be watched: as fast as it can with one dashboard and a scrape every five
 * seconds, and at a steady pace with two hundred dashboards of which one is stuck. Each round is
 * measured without and with, in turn, so that what the machine does meanwhile hits both.
 */
final class Watched implements Scenario {
  private static final int STREAMS = 64;
  private static final int CALLERS = 32;
  private static final int CROWD = 200;
  private static final int ROUNDS = 5;
  private static final double PACE = 4_000;
  private static final Duration JIT_WARM_UP = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration LENGTH = Duration.ofSeconds(6);
  private static final Duration SCRAPES = Duration.ofSeconds(5);

  private final HttpClient client = HttpClient.newHttpClient();

  @SuppressWarnings("try") // The workers only have to be there.
  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    try (CoordinatorChild coordinator = CoordinatorChild.start();
        Workers workers = Workers.connect(coordinator, STREAMS, 2, Duration.ZERO);
        Calls calls = new Calls(coordinator)) {
      calls.closedLoop(CALLERS, JIT_WARM_UP, LENGTH);
      List<Figure> figures = new ArrayList<>(throughput(coordinator, calls));
      figures.addAll(crowd(coordinator, calls));
      return figures;
    }
  }

  private List<Figure> throughput(CoordinatorChild coordinator, Calls calls)
      throws IOException, InterruptedException {
    List<Double> off = new ArrayList<>();
    List<Double> on = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      off.add(calls.closedLoop(CALLERS, WARM_UP, LENGTH).perSecond());
      try (Watchers watchers = new Watchers(coordinator.httpPort(), 1);
          ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor()) {
        ScheduledFuture<?> scrapes =
            scraper.scheduleAtFixedRate(
                () -> scrape(coordinator), 0, SCRAPES.toSeconds(), TimeUnit.SECONDS);
        on.add(calls.closedLoop(CALLERS, WARM_UP, LENGTH).perSecond());
        requireSeen(watchers);
        requireGoingOn(scrapes);
      }
    }
    return List.of(
        Figure.of("calls, not watched", median(off), "1/s"),
        Figure.of("calls, one dashboard and scrapes", median(on), "1/s"),
        Figure.atLeast("watched to not watched", median(on) / median(off), "x", 0.97));
  }

  private static List<Figure> crowd(CoordinatorChild coordinator, Calls calls)
      throws IOException, InterruptedException {
    List<Double> off = new ArrayList<>();
    List<Double> on = new ArrayList<>();
    double before = coordinator.jvm().rssKib();
    int dropped = 0;
    boolean stuckDropped;
    try (StuckWatcher stuck = new StuckWatcher(coordinator.httpPort())) {
      for (int round = 0; round < ROUNDS; round++) {
        off.add(calls.openLoop(PACE, WARM_UP, LENGTH).good().quantile(0.99));
        try (Watchers watchers = new Watchers(coordinator.httpPort(), CROWD - 1)) {
          on.add(calls.openLoop(PACE, WARM_UP, LENGTH).good().quantile(0.99));
          requireSeen(watchers);
          dropped += watchers.dropped();
        }
      }
      stuckDropped = stuck.isDropped();
    }
    double after = coordinator.jvm().rssKib();
    return List.of(
        Figure.of("p99, not watched", median(off), "ms"),
        Figure.of("p99, 200 dashboards", median(on), "ms"),
        Figure.atMost("p99 watched to not watched", median(on) / median(off), "x", 1.1),
        Figure.atMost("dashboards that read and were dropped", dropped, "", 0),
        Figure.atLeast("the stuck dashboard dropped", stuckDropped ? 1 : 0, "", 1),
        Figure.of("RSS before", before / 1024, "MiB"),
        Figure.of("RSS after", after / 1024, "MiB"));
  }

  private static void requireSeen(Watchers watchers) {
    if (watchers.bytes() == 0) {
      throw new IllegalStateException("the dashboards are sent nothing");
    }
  }

  /** It ends only when it throws. */
  private static void requireGoingOn(ScheduledFuture<?> scrapes) throws InterruptedException {
    if (!scrapes.isDone()) {
      return;
    }
    try {
      scrapes.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("scraping failed", e);
    }
  }

  private void scrape(CoordinatorChild coordinator) {
    URI metrics = URI.create("http://127.0.0.1:" + coordinator.httpPort() + "/metrics");
    try {
      int status =
          client
              .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.discarding())
              .statusCode();
      if (status != 200) {
        throw new IllegalStateException("/metrics: " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
