package org.osprey.coordinator.benchmarks.e2e;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.collectors.nats.JetStreamMode;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.nats.NatsServer;

/**
 * Events from generators through workers and a nats-server to a subscriber that counts: as many as
 * go, and at a rate. A bare loop that publishes as many as go is what it is compared to.
 */
final class CollectorsOverNats implements Scenario {
  private static final int GENERATORS = 8;
  private static final int WORKERS = 4;
  private static final int SIZE = 300;

  /** With what else is in an event this makes about as many bytes. */
  private static final int PADDING = 100;

  private static final double RATE = 50_000;
  private static final String SUBJECT = "bench.events";
  private static final String BARE_SUBJECT = "bare.events";
  private static final int SECONDS = Integer.getInteger("collectors.seconds", 20);
  private static final int WARM_UP = Integer.getInteger("collectors.warmup", 5);
  private static final boolean STREAM = Boolean.getBoolean("collectors.jetstream");

  @Override
  public List<Figure> measure() throws Exception {
    Path folder = Files.createTempDirectory("collectors-e2e");
    try (NatsServer server = NatsServer.start()) {
      if (STREAM) {
        createStream(server.url());
      }
      double bare = bare(server.url());
      List<Figure> figures = new ArrayList<>();
      figures.add(Figure.of("bare loop, delivered", bare, "1/s"));
      try (LocalCollectors collectors =
              new LocalCollectors(
                  folder.resolve("collectors.db"),
                  server.url(),
                  JetStreamMode.AUTO,
                  WORKERS,
                  SUBJECT);
          CountingSubscriber subscriber = new CountingSubscriber(server.url(), SUBJECT)) {
        figures.addAll(most(collectors, subscriber, bare));
        figures.addAll(atRate(collectors, subscriber));
      }
      return figures;
    } finally {
      Folders.delete(folder);
    }
  }

  private static void createStream(String url) throws Exception {
    Connection connection = Nats.connect(url);
    connection
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name("bench")
                .subjects(SUBJECT)
                .storageType(StorageType.File)
                .maxBytes(1L << 30)
                .build());
    connection.close();
  }

  private static double bare(String url) throws Exception {
    Connection connection = Nats.connect(Options.builder().server(url).build());
    byte[] body = new byte[SIZE];
    Thread loop =
        Thread.ofPlatform()
            .daemon()
            .name("bare-loop")
            .unstarted(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    connection.publish(BARE_SUBJECT, body);
                  }
                });
    try (CountingSubscriber subscriber = new CountingSubscriber(url, BARE_SUBJECT)) {
      loop.start();
      return delivered(subscriber);
    } finally {
      loop.interrupt();
      loop.join();
      connection.close();
    }
  }

  private static List<Figure> most(
      LocalCollectors collectors, CountingSubscriber subscriber, double bare)
      throws InterruptedException {
    try (EventGenerators generators = generators(collectors, 0)) {
      generators.start();
      double delivered = delivered(subscriber);
      return List.of(
          Figure.atLeast("delivered", delivered, "1/s", 100_000),
          Figure.atLeast("delivered, of the bare loop", delivered / bare, "", 0.7),
          Figure.of("size", (double) subscriber.bytes() / subscriber.messages(), "bytes"),
          Figure.atMost("lost", (double) collectors.lost(), "", 0));
    }
  }

  private static List<Figure> atRate(LocalCollectors collectors, CountingSubscriber subscriber)
      throws InterruptedException {
    try (EventGenerators generators = generators(collectors, RATE)) {
      generators.start();
      Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP));
      HistogramStats workedBefore = collectors.flow().processing();
      HistogramStats publishedBefore = collectors.flow().emitToPublish();
      double delivered = rate(subscriber);
      HistogramStats worked = collectors.flow().processing().since(workedBefore);
      HistogramStats published = collectors.flow().emitToPublish().since(publishedBefore);
      return List.of(
          Figure.of("delivered, at 50,000/s", delivered, "1/s"),
          Figure.of("worker p50, at 50,000/s", millis(worked, 0.5), "ms"),
          Figure.atMost("worker p99, at 50,000/s", millis(worked, 0.99), "ms", 1),
          Figure.of("emit to publish p50, at 50,000/s", millis(published, 0.5), "ms"),
          Figure.atMost("emit to publish p99, at 50,000/s", millis(published, 0.99), "ms", 5));
    }
  }

  private static EventGenerators generators(LocalCollectors collectors, double perSecond) {
    return new EventGenerators(collectors.flow(), GENERATORS, perSecond, PADDING);
  }

  private static double delivered(CountingSubscriber subscriber) throws InterruptedException {
    Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP));
    return rate(subscriber);
  }

  private static double rate(CountingSubscriber subscriber) throws InterruptedException {
    long before = subscriber.messages();
    long begin = System.nanoTime();
    Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
    return (subscriber.messages() - before) * 1e9 / (System.nanoTime() - begin);
  }

  private static double millis(HistogramStats stats, double share) {
    return stats.quantileSeconds(share) * 1_000;
  }
}
