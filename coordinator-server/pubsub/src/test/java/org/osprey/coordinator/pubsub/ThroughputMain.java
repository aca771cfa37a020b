package org.osprey.coordinator.pubsub;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.WorkerStream;

/**
 * Actions a second through the source, a real dispatcher and 64 targets that ack at once, next to a
 * plain subscriber that acks at once, on the same emulator, taking turns. Arguments: messages of a
 * round (50000), rounds (3).
 */
final class ThroughputMain {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int TARGETS = 64;

  private final PubsubEmulator emulator = PubsubEmulator.get();
  private final int messages;

  private ThroughputMain(int messages) {
    this.messages = messages;
  }

  public static void main(String[] arguments) throws InterruptedException {
    int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    ThroughputMain measurement = new ThroughputMain(messages);
    for (int i = 0; i < rounds; i++) {
      double plain = measurement.plain();
      double ours = measurement.ours();
      System.out.printf(
          "round=%d plain=%.0f/s ours=%.0f/s ratio=%.2f%n", i, plain, ours, ours / plain);
    }
  }

  private double plain() throws InterruptedException {
    CountDownLatch left = new CountDownLatch(messages);
    try (TestPubsub pubsub = filled()) {
      long start = System.nanoTime();
      try (PlainSubscriber plain =
          new PlainSubscriber(
              emulator.host(),
              pubsub.subscription(),
              LEASE,
              (message, reply) -> {
                reply.ack();
                left.countDown();
              })) {
        plain.start();
        return perSecond(start, left);
      }
    }
  }

  private double ours() throws InterruptedException {
    CountDownLatch left = new CountDownLatch(messages);
    Dispatcher dispatcher =
        new Dispatcher(
            DispatcherSettings.DEFAULTS,
            Ticker.system(),
            InstantSource.system(),
            new Random(1),
            new InMemoryDeadLetters(),
            null);
    for (int i = 0; i < TARGETS; i++) {
      new Idle(left).connect(dispatcher);
    }
    try (TestPubsub pubsub = filled();
        PubsubSource source = source(pubsub)) {
      long start = System.nanoTime();
      source.start(dispatcher);
      return perSecond(start, left);
    }
  }

  private TestPubsub filled() {
    TestPubsub pubsub = new TestPubsub(emulator, Duration.ofSeconds(10));
    pubsub.sendIds(1, messages + 1);
    return pubsub;
  }

  private PubsubSource source(TestPubsub pubsub) {
    PubsubSettings settings =
        PubsubSettings.builder(TestPubsub.PROJECT, pubsub.subscription())
            .emulatorHost(emulator.host())
            .minLeaseExtension(LEASE)
            .build();
    return new PubsubSource(
        settings,
        new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN),
        new InMemoryDeadLetters(),
        Ticker.system());
  }

  private double perSecond(long start, CountDownLatch left) throws InterruptedException {
    if (!left.await(5, TimeUnit.MINUTES)) {
      throw new IllegalStateException("not done in time, left=" + left.getCount());
    }
    return messages / ((System.nanoTime() - start) / 1e9);
  }

  /** A worker that takes no time. */
  private static final class Idle implements Target {
    private final CountDownLatch left;
    private @Nullable Dispatcher dispatcher;
    private @Nullable WorkerStream stream;

    private Idle(CountDownLatch left) {
      this.left = left;
    }

    private void connect(Dispatcher to) {
      dispatcher = to;
      stream = to.connect("instant", ActionNames.ALL, 1, this);
    }

    @Override
    public void lease(Lease lease) {
      if (dispatcher == null || stream == null) {
        throw new IllegalStateException("not connected");
      }
      left.countDown();
      dispatcher.ack(stream, lease.ackId(), Outcome.Acked.EMPTY);
    }

    @Override
    public void end() {}
  }
}
