package org.osprey.coordinator.collectors.nats;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsConnectionSettings;

/** A publisher and its workers. */
final class PublisherRig implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MANY_TRIES = 1_000;

  private final NatsPublisher publisher;
  private final List<TestWorker> workers = new ArrayList<>();

  PublisherRig(String url, JetStreamMode mode) {
    this(NatsConnectionSettings.of(url), mode, MANY_TRIES);
    await().atMost(PATIENCE).until(() -> publisher.stats().connected());
  }

  /** Does not wait for a connection. */
  PublisherRig(NatsConnectionSettings connection, JetStreamMode mode, int maxReconnects) {
    publisher =
        new NatsPublisher(
            new NatsPublisherSettings(connection, mode, maxReconnects),
            Ticker.system(),
            new Random(1),
            ThreadLocalRandom.current()::nextDouble);
    publisher.start();
  }

  NatsPublisher publisher() {
    return publisher;
  }

  TestWorker worker() {
    TestWorker worker = new TestWorker(publisher);
    workers.add(worker);
    return worker;
  }

  void awaitTrouble(String words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              if (publisher.check().healthy() || !publisher.check().detail().contains(words)) {
                throw new AssertionError("want %s, got %s".formatted(words, publisher.check()));
              }
            });
  }

  @Override
  public void close() {
    workers.forEach(TestWorker::close);
    publisher.close();
  }
}
