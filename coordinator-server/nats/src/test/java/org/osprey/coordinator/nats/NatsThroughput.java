package org.osprey.coordinator.nats;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.WorkerStream;

/**
 * Not a test: how many actions a second go from a stream through a dispatcher to workers in this
 * process that answer at once, with their results published and confirmed before the ack. The
 * server is a process of its own. The messages of a round are all there at its start; the first
 * round warms up.
 *
 * <p>System properties: {@code messages} (20000), {@code workers} (64), {@code rounds} (5).
 */
final class NatsThroughput {
  private static final int MESSAGES = Integer.getInteger("messages", 20_000);
  private static final int WORKERS = Integer.getInteger("workers", 64);
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String STREAM = "actions";
  private static final String RESULTS = "results";

  private NatsThroughput() {}

  public static void main(String[] arguments) {
    try (NatsServer server = NatsServer.start();
        TestNats nats = new TestNats(server.url());
        Connected connected = Connected.to(server.url())) {
      nats.createStream(STREAM);
      nats.createStream(RESULTS);
      InMemoryDeadLetters letters = new InMemoryDeadLetters();
      NatsResultSink sink =
          new NatsResultSink(
              connected.connection(), new NatsResultSettings(RESULTS + ".out", false, 10_000));
      Dispatcher dispatcher =
          new Dispatcher(
              DispatcherSettings.DEFAULTS,
              Ticker.system(),
              InstantSource.system(),
              new Random(1),
              letters,
              sink);
      for (int i = 0; i < WORKERS; i++) {
        new InstantWorker(dispatcher).connect(i);
      }
      try (NatsSource source =
          connected.source(NatsSourceSettings.builder(STREAM).build(), letters)) {
        source.setPaused(true);
        source.start(dispatcher);
        for (int round = 0; round < ROUNDS; round++) {
          measure(round, nats, source);
        }
      }
    }
  }

  private static void measure(int round, TestNats nats, NatsSource source) {
    nats.publishIds(STREAM + ".in", 1, MESSAGES);
    long wanted = nats.count(RESULTS) + MESSAGES;
    long start = System.nanoTime();
    source.setPaused(false);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> source.stats().inFlight() == 0 && nats.count(RESULTS) >= wanted);
    long nanos = System.nanoTime() - start;
    source.setPaused(true);
    await().atMost(PATIENCE).until(() -> !source.stats().pulling());
    System.out.printf(
        Locale.ROOT,
        "round=%d%s messages=%d ms=%d actions_per_second=%.0f%n",
        round,
        round == 0 ? " (warm-up)" : "",
        MESSAGES,
        nanos / 1_000_000,
        MESSAGES * 1e9 / nanos);
  }

  private static final class InstantWorker implements Target {
    private static final byte[] RESULT = new byte[200];

    private final Dispatcher dispatcher;
    private volatile @Nullable WorkerStream stream;

    private InstantWorker(Dispatcher dispatcher) {
      this.dispatcher = dispatcher;
    }

    private void connect(int number) {
      stream = dispatcher.connect("worker-" + number, ActionNames.ALL, 1, this);
    }

    @Override
    public void lease(Lease lease) {
      WorkerStream own = stream;
      if (own != null) {
        dispatcher.ack(own, lease.ackId(), new Outcome.Acked(null, RESULT));
      }
    }

    @Override
    public void end() {}
  }
}
