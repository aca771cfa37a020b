package org.osprey.coordinator.core;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sources, callers, workers and a failing store around a real dispatcher, all driven by one seed on
 * a clock that moves when told to: the same seed does the same things in the same order.
 */
final class Simulation {
  private static final List<String> NAMES = List.of("user_login", "user_logout", "guild_created");
  private static final List<String> GLOBS = List.of("*", "*", "*", "user_*", "guild_created");
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final DispatcherSettings SETTINGS =
      new DispatcherSettings(
          new DispatcherSettings.Bounds(20, 1 << 20),
          new DispatcherSettings.Bounds(60, 1 << 20),
          new DispatcherSettings.Leases(LEASE, Map.of()),
          new DispatcherSettings.Retries(3, 5, Duration.ofMillis(100), Duration.ofSeconds(1)),
          Duration.ofSeconds(1),
          20,
          Duration.ofSeconds(3));

  private static final int CREDITS_EVERY = 16;

  private static final Map<Long, Outcome.Acked> ACKS = new HashMap<>();

  private final Random random;
  private final ManualTicker ticker = new ManualTicker();
  private final Checker checker = new Checker(ticker);
  private final Map<WorkerStream, Worker> workers = new LinkedHashMap<>();
  private final Dispatcher dispatcher;

  /** What a source keeps that offers in batches: nothing in it was accepted. */
  private final List<Delivery> backlog = new ArrayList<>();

  private boolean faults = true;
  private long lastId;
  private long trace;

  Simulation(long seed) {
    random = new Random(seed);
    dispatcher =
        new Dispatcher(
            SETTINGS,
            ticker,
            this::wallTime,
            new Random(seed),
            this::storeDeadLetter,
            this::publish);
  }

  /** The one ack that belongs to an action, so that a mix-up shows. */
  static Outcome.Acked ackOf(long id) {
    return ACKS.computeIfAbsent(
        id,
        key -> {
          byte[] text = ByteBuffer.allocate(8).putLong(key).array();
          return new Outcome.Acked(text, key % 3 == 0 ? text : null);
        });
  }

  /**
   * Random events, then a quiet time in which everything has to end.
   *
   * @return what stands for everything that happened, in order
   */
  long run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      if (i % CREDITS_EVERY == 0) {
        checker.credits(dispatcher);
      }
    }
    faults = false;
    for (int i = 0; i < 3_000 && busy(); i++) {
      List.copyOf(workers.values()).forEach(Worker::ackAll);
      if (workers.values().stream().noneMatch(worker -> worker.serves("*"))) {
        connect("*", 3);
      }
      offerBacklog();
      pass(20);
    }
    checker.end(dispatcher.stats());
    return trace;
  }

  Checker checker() {
    return checker;
  }

  private boolean busy() {
    DispatcherStats stats = dispatcher.stats();
    return stats.sync().accepted() + stats.async().accepted() + backlog.size() > 0;
  }

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 22) {
      offerAsync();
    } else if (dice < 25) {
      offerBatch();
    } else if (dice < 35) {
      offerSync();
    } else if (dice < 42) {
      connect(GLOBS.get(random.nextInt(GLOBS.size())), 1 + random.nextInt(3));
    } else if (dice < 45) {
      cancelOne();
    } else if (dice < 60) {
      pass(random.nextInt(10) == 0 ? 3_000 : random.nextInt(100));
    } else {
      anyWorker(random.nextInt(20));
    }
  }

  private void anyWorker(int dice) {
    if (workers.isEmpty()) {
      return;
    }
    Worker worker = List.copyOf(workers.values()).get(random.nextInt(workers.size()));
    switch (dice) {
      case 0 -> worker.die();
      case 1 -> worker.retire();
      case 2 -> worker.answerNonsense();
      case 3, 4 -> worker.nackOne();
      case 5 -> worker.blink();
      default -> worker.ackOne();
    }
  }

  private void offerAsync() {
    offer(nextAsync("log"));
  }

  /** More than there is room for now and then, as a source does that reads ahead. */
  private void offerBatch() {
    for (int i = random.nextInt(12); i > 0 && backlog.size() < Intake.LARGEST_BATCH; i--) {
      backlog.add(nextAsync("batches"));
    }
    offerBacklog();
  }

  private void offerBacklog() {
    backlog.forEach(checker::accepted);
    int accepted = dispatcher.offer(backlog).accepted();
    backlog.subList(0, accepted).clear();
    backlog.forEach(checker::refused);
  }

  /** Each source has keys of its own, as the order holds for what one source offers. */
  private Delivery nextAsync(String source) {
    String key = random.nextInt(3) == 0 ? source + random.nextInt(4) : null;
    boolean later = random.nextInt(5) == 0;
    Action action = nextAction(later ? wallTime().plusMillis(random.nextInt(5_000)) : null);
    return Delivery.async(action, source, key, outcome -> finished(action.id(), outcome));
  }

  private void offerSync() {
    Action action = nextAction(null);
    long deadline = ticker.nanos() + Duration.ofMillis(random.nextInt(4_000)).toNanos();
    offer(Delivery.sync(action, "call", deadline, outcome -> finished(action.id(), outcome)));
  }

  private void offer(Delivery delivery) {
    checker.accepted(delivery);
    if (dispatcher.offer(delivery) != Intake.Admission.ACCEPTED) {
      checker.refused(delivery);
    }
  }

  private Action nextAction(@Nullable Instant notBefore) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    return new Action(
        ++lastId,
        name,
        Action.Encoding.JSON,
        new byte[random.nextInt(50)],
        null,
        Instant.EPOCH,
        notBefore);
  }

  private Instant wallTime() {
    return Instant.EPOCH.plusNanos(ticker.nanos());
  }

  private void cancelOne() {
    List<Long> waiting = checker.unfinishedSync();
    if (!waiting.isEmpty()) {
      long id = waiting.get(random.nextInt(waiting.size()));
      checker.cancelled(id);
      dispatcher.cancel(checker.delivery(id));
    }
  }

  private void connect(String globs, int credits) {
    Worker worker = new Worker(credits, ActionNames.parse(globs));
    worker.stream = dispatcher.connect("w", worker.names, credits, worker);
    workers.put(worker.stream, worker);
  }

  private void pass(long millis) {
    ticker.advance(Duration.ofMillis(millis));
    dispatcher.tick();
  }

  private void finished(long id, Outcome outcome) {
    note(id, outcome.getClass().getSimpleName().hashCode());
    checker.finished(id, outcome);
  }

  private CompletionStage<Void> storeDeadLetter(DeadLetter letter) {
    if (faults && random.nextInt(3) == 0) {
      return CompletableFuture.failedFuture(new IllegalStateException("store is down"));
    }
    if (letter.content() instanceof DeadLetter.Decoded decoded) {
      checker.deadLetterStored(decoded.action().id());
    }
    return CompletableFuture.completedFuture(null);
  }

  private CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked) {
    if (faults && random.nextInt(3) == 0) {
      throw new IllegalStateException("sink is down");
    }
    return CompletableFuture.completedFuture(null);
  }

  private void note(long id, long what) {
    trace = trace * 31 + id * 1_000_003 + what;
  }

  /** A worker that may die, forget, lie or answer late. */
  private final class Worker implements Target {
    private final int credits;
    private final ActionNames names;
    private final List<Lease> inHand = new ArrayList<>();
    private @Nullable WorkerStream stream;
    private boolean retired;
    private boolean gone;

    private Worker(int credits, ActionNames names) {
      this.credits = credits;
      this.names = names;
    }

    @Override
    public void lease(Lease lease) {
      require(!gone && !retired, "given to a stream that ends");
      require(names.matches(lease.action().name()), "given a name it does not take");
      Instant notBefore = lease.action().notBefore();
      require(notBefore == null || !wallTime().isBefore(notBefore), "given before it is due");
      note(lease.action().id(), 7);
      checker.handedOver(lease, LEASE.toNanos());
      inHand.add(lease);
      require(inHand.size() <= credits, "given more than it has credit for");
    }

    @Override
    public void end() {
      require(inHand.isEmpty(), "ended with an action in hand");
      die();
    }

    boolean serves(String glob) {
      return !retired && names.globs().contains(glob);
    }

    void ackAll() {
      while (!inHand.isEmpty() && !gone) {
        ackOne();
      }
    }

    void ackOne() {
      if (!inHand.isEmpty()) {
        Lease lease = takeOne();
        dispatcher.ack(stream(), lease.ackId(), ackOf(lease.action().id()));
      }
    }

    void nackOne() {
      if (!inHand.isEmpty()) {
        dispatcher.nack(stream(), takeOne().ackId());
      }
    }

    void answerNonsense() {
      dispatcher.ack(stream(), random.nextInt(3), ackOf(-1));
      dispatcher.nack(stream(), random.nextLong());
    }

    /** Full for a moment. */
    void blink() {
      dispatcher.setWritable(stream(), false);
      dispatcher.setWritable(stream(), true);
    }

    void retire() {
      retired = true;
      dispatcher.retire(stream());
    }

    void die() {
      gone = true;
      workers.remove(stream());
      inHand.forEach(checker::over);
      inHand.clear();
      if (random.nextBoolean()) {
        dispatcher.leave(stream());
      } else {
        dispatcher.lose(stream());
      }
    }

    private Lease takeOne() {
      Lease lease = inHand.remove(random.nextInt(inHand.size()));
      checker.over(lease);
      return lease;
    }

    private WorkerStream stream() {
      if (stream == null) {
        throw new AssertionError("not connected");
      }
      return stream;
    }

    private void require(boolean condition, String otherwise) {
      if (!condition) {
        throw new AssertionError("a worker was " + otherwise);
      }
    }
  }
}
