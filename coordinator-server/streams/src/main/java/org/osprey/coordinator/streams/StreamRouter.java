package org.osprey.coordinator.streams;

import static java.util.concurrent.CompletableFuture.completedStage;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/**
 * Takes what is asked of any stream to the coordinator that has it. While nobody has it, or it
 * changes hands, a command waits; one that may have been carried out is never sent again. Who waits
 * for each reply has commands carried out in order.
 */
@ThreadSafe
public final class StreamRouter implements StreamCommands, Component, Supervised, Measured {
  private static final String COMPONENT = "streams router";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration LIST_TIMEOUT = Duration.ofSeconds(3);

  /** A ticker need not go as fast as a thread sleeps. */
  private static final Duration REST = Duration.ofMillis(20);

  private static final Duration NOTHING_TO_DO = Duration.ofSeconds(1);
  private static final int MOST_WAITING = 10_000;

  @SuppressWarnings("ThreadSafe") // it is
  private final Ownership ownership;

  @SuppressWarnings("ThreadSafe") // it is
  private final StreamCommands local;

  @SuppressWarnings("ThreadSafe") // they are
  private final @Nullable Peers peers;

  private final String instance;
  private final Duration patience;
  private final Ticker ticker;

  @SuppressWarnings("ThreadSafe") // they are
  private final StreamLists lists;

  /** In the order in which they are to be looked at again. */
  @SuppressWarnings("ThreadSafe") // never changed once they are in
  private final ArrayBlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

  private final Signal signal = new Signal();
  private final SupervisedLoop loop;
  private final AtomicLong forwarded = new AtomicLong();
  private volatile boolean closed;

  /**
   * @param lookAt ticker nanoseconds
   */
  private record Waiting(Errand errand, long lookAt) {}

  /**
   * @param local the streams of this coordinator
   * @param peers null when others cannot be reached
   * @param instance the name of this coordinator, as {@code ownership} knows it
   * @param patience how long a command waits for somebody to have its stream
   */
  public StreamRouter(
      Ownership ownership,
      StreamCommands local,
      @Nullable Peers peers,
      String instance,
      Duration patience,
      Ticker ticker) {
    this.ownership = ownership;
    this.local = local;
    this.peers = peers;
    this.instance = instance;
    this.patience = patience;
    this.ticker = ticker;
    lists = new StreamLists(this::commandsOf, ownership, ticker, LIST_TIMEOUT);
    loop = new SupervisedLoop("streams-router", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    return command.getCommandCase() == OrchestratorCommand.CommandCase.COMMAND_NOT_SET
        ? empty()
        : route(StreamIds.of(command), streams -> streams.command(command));
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    return command.getCommandCase() == SubscriptionCommand.CommandCase.COMMAND_NOT_SET
        ? empty()
        : route(StreamIds.of(command), streams -> streams.subscription(command));
  }

  /**
   * The first streams of all coordinators together, as far as they answer in time.
   *
   * @param request a limit of 0 is one of 100, and 1,001 is the greatest
   */
  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    CompletionStage<ListStreamsReply> reply = lists.list(request);
    signal.wake();
    return reply;
  }

  @Override
  public Check check() {
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(COMPONENT, "waiting=" + waiting.size())
        : Check.failed(COMPONENT, running.detail());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void tell(Figures figures) {
    figures.gauge(
        "streams_commands_waiting",
        "Commands that wait for somebody to have their stream.",
        waiting.size());
    figures.counter(
        "streams_commands_forwarded",
        "Commands that were sent to another coordinator.",
        forwarded.get());
  }

  /** What waits is refused. */
  @Override
  public void close() {
    closed = true;
    signal.wake();
    loop.close();
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      refuseClosed(next.errand());
    }
    lists.close();
  }

  private static CompletionStage<CommandReply> empty() {
    return completedStage(
        Replies.of(
            Result.RESULT_INVALID, "command must be one that this coordinator knows, got none"));
  }

  private CompletionStage<CommandReply> route(
      String streamId, Function<StreamCommands, CompletionStage<CommandReply>> send) {
    String problem = StreamIds.problem(streamId);
    if (problem != null) {
      return completedStage(Replies.of(Result.RESULT_INVALID, problem));
    }
    Errand errand =
        new Errand(
            Hold.partitionOf(streamId),
            send,
            ticker.nanos() + patience.toNanos(),
            new CompletableFuture<>());
    send(errand);
    return errand.reply();
  }

  private void send(Errand errand) {
    String owner = ownership.owner(errand.partition());
    if (owner == null) {
      lookAgain(errand, "no coordinator has the stream's partition");
      return;
    }
    StreamCommands streams = commandsOf(owner);
    if (streams == null) {
      errand.answer(
          Result.RESULT_UNAVAILABLE,
          "another coordinator has the stream; coordinators need nats to share streams");
      return;
    }
    boolean remote = !owner.equals(instance);
    if (remote) {
      forwarded.incrementAndGet();
    }
    errand
        .send()
        .apply(streams)
        .whenComplete((reply, failure) -> answered(errand, remote, reply, failure));
  }

  /** Null where another coordinator cannot be reached. */
  private @Nullable StreamCommands commandsOf(String owner) {
    if (owner.equals(instance)) {
      return local;
    }
    return peers == null ? null : peers.peer(owner);
  }

  private void answered(
      Errand errand, boolean remote, @Nullable CommandReply reply, @Nullable Throwable failure) {
    if (reply == null) {
      errand.answer(Result.RESULT_UNKNOWN, "no answer: " + failure);
      return;
    }
    boolean elsewhere =
        reply.getResult() == Result.RESULT_NOT_OWNER
            || (remote && reply.getResult() == Result.RESULT_UNAVAILABLE);
    if (elsewhere) {
      lookAgain(errand, reply.getMessage());
    } else {
      errand.reply().complete(reply);
    }
  }

  private void lookAgain(Errand errand, String why) {
    long next = ticker.nanos() + LOOK_AGAIN.toNanos();
    if (next - errand.end() > 0) {
      errand.answer(
          Result.RESULT_UNAVAILABLE,
          "the stream was with nobody for %d ms: %s".formatted(patience.toMillis(), why));
      return;
    }
    Waiting entry = new Waiting(errand, next);
    if (!waiting.offer(entry)) {
      errand.answer(
          Result.RESULT_TOO_MANY,
          "%d commands wait for somebody to have their stream".formatted(MOST_WAITING));
      return;
    }
    if (closed && waiting.remove(entry)) {
      refuseClosed(errand);
      return;
    }
    signal.wake();
  }

  private static void refuseClosed(Errand errand) {
    errand.answer(Result.RESULT_UNAVAILABLE, "this coordinator is closing");
  }

  private void step() throws InterruptedException {
    long now = ticker.nanos();
    for (Waiting next = waiting.peek();
        next != null && next.lookAt() - now <= 0 && !loop.closing();
        next = waiting.peek()) {
      if (waiting.remove(next)) {
        send(next.errand());
      }
    }
    lists.endOverdue();
    if (!closed) {
      signal.await(waiting.isEmpty() && lists.isEmpty() ? NOTHING_TO_DO : REST);
    }
  }
}
