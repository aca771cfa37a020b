package org.osprey.coordinator.streams;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.TimerWheel;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with one timer wheel and one mailbox: it alone touches its streams. Commands that wait
 * in the mailbox are bounded by {@link Admission}.
 */
final class Shard implements Supervised, Executor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Shard.class);
  private static final Duration SLICE = Duration.ofMillis(2);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(30);
  private static final Duration LONGEST_REST = Duration.ofMillis(500);

  /** From one look at the clocks to the next, as with many streams one is always about to ring. */
  private static final Duration LEAST_ROUND = Duration.ofMillis(1);

  /** Mail that is looked at before the clocks are, again. */
  private static final int MOST_MAIL = 256;

  private static final int MOST_PENDING_OF_STRANGERS = 10_000;
  private static final int RATE_OF_STRANGERS = 10_000;

  private final StreamContext context;
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final Signal mail = new Signal();
  private final SupervisedLoop loop;
  private final TimerWheel<Alarm> wheel;
  private final ShardCounts counts;
  private final OwnedStreams streams;
  private final Alarm sweep = new Alarm(this::sweep, this::armSweep);

  /** For what is asked of streams that do not exist. */
  private final Admission strangers;

  Shard(int index, StreamContext context) {
    this.context = context;
    long now = context.now();
    wheel = new TimerWheel<>(SLICE, now);
    counts = new ShardCounts(now);
    streams = new OwnedStreams(context, wheel, counts, this);
    strangers = new Admission(MOST_PENDING_OF_STRANGERS, RATE_OF_STRANGERS, now);
    loop = new SupervisedLoop("streams-shard-" + index, context.ticker(), STUCK_AFTER, this::turn);
    armSweep(now);
  }

  void start() {
    loop.start();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** What may be asked by any thread; the rest belongs to work that is given to this. */
  OwnedStreams streams() {
    return streams;
  }

  /** How many alarms are set. */
  int alarms() {
    return wheel.armed().size();
  }

  /** Any thread. */
  ShardCounts.Stats stats() {
    return counts.shown();
  }

  /** Any thread. */
  @Override
  public void execute(Runnable work) {
    mailbox.add(work);
    mail.wake();
  }

  /** Any thread. */
  CompletableFuture<CommandReply> command(String streamId, OrchestratorCommand command) {
    Admission admission = admission(streamId);
    if (!command.hasInspect() && !admission.spend(context.now())) {
      return tooMany("more commands come for this stream than may: streams.commandRate");
    }
    return enter(admission, reply -> streams.carryOut(streamId, command, reply));
  }

  /** Any thread. */
  CompletableFuture<CommandReply> subscription(String streamId, SubscriptionCommand command) {
    return enter(admission(streamId), reply -> streams.carryOut(streamId, command, reply));
  }

  private Admission admission(String streamId) {
    Admission admission = streams.admission(streamId);
    return admission == null ? strangers : admission;
  }

  private CompletableFuture<CommandReply> enter(
      Admission admission, Consumer<CompletableFuture<CommandReply>> work) {
    if (!admission.enter()) {
      return tooMany("more commands wait for this stream than may");
    }
    CompletableFuture<CommandReply> reply = new CompletableFuture<>();
    execute(() -> work.accept(reply));
    return reply.whenComplete((answer, failure) -> admission.leave());
  }

  private static CompletableFuture<CommandReply> tooMany(String message) {
    return CompletableFuture.completedFuture(Answer.of(Result.RESULT_TOO_MANY, message).reply());
  }

  private void turn() throws InterruptedException {
    long soonest = context.now() + LEAST_ROUND.toNanos();
    work();
    if (mailbox.isEmpty()) {
      long now = context.now();
      long next = Math.max(wheel.idleUntil() - now, soonest - now);
      long rest = Math.min(next, LONGEST_REST.toNanos());
      if (rest > 0) {
        mail.await(Duration.ofNanos(rest));
      }
    }
  }

  /** Does what is due, and waits for nothing. */
  void work() {
    for (int i = 0; i < MOST_MAIL; i++) {
      Runnable work = mailbox.poll();
      if (work == null) {
        break;
      }
      run(work);
    }
    wheel.advance(context.now(), alarm -> alarm.ring(context.now()));
    long now = context.now();
    streams.flush(now);
    if (counts.isDue(now)) {
      counts.show(streams.all(), mailbox.size(), now);
    }
  }

  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      log.error("work of a shard failed", e);
    }
  }

  private void sweep(long now) {
    streams.sweep(now);
    armSweep(now);
  }

  private void armSweep(long now) {
    wheel.arm(sweep, now + context.settings().sweep().toNanos());
  }

  @Override
  public void close() {
    mail.wake();
    loop.close();
  }
}
