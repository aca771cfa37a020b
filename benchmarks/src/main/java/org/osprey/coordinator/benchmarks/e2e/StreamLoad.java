package org.osprey.coordinator.benchmarks.e2e;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.HeartbeatCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StartCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/**
 * Makes as many streams as are wanted, each with one watcher who goes on saying that it is there.
 * Commands go out a few hundred at a time.
 */
final class StreamLoad implements AutoCloseable {
  private static final int AT_ONCE = 256;
  private static final long PATIENCE_SECONDS = 120;
  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STEP_MILLIS = 100;
  private static final String CLIENT = "bench";

  private final int streams;
  private final Function<OrchestratorCommand, CompletionStage<CommandReply>> commands;
  private final Function<SubscriptionCommand, CompletionStage<CommandReply>> subscriptions;
  private final AtomicInteger refused = new AtomicInteger();
  private final Thread heartbeats = new Thread(this::beat, "heartbeats");
  private volatile boolean closed;

  StreamLoad(
      int streams,
      Function<OrchestratorCommand, CompletionStage<CommandReply>> commands,
      Function<SubscriptionCommand, CompletionStage<CommandReply>> subscriptions) {
    this.streams = streams;
    this.commands = commands;
    this.subscriptions = subscriptions;
    heartbeats.setDaemon(true);
  }

  /** Returns when there is every stream. */
  void create() throws InterruptedException {
    all(i -> commands.apply(creation(Show.streamId(i))));
  }

  /** Returns when every stream is watched; heartbeats begin. */
  void register() throws InterruptedException {
    all(i -> subscriptions.apply(registration(Show.streamId(i))));
    heartbeats.start();
  }

  /** Heartbeats that were not taken. */
  double refused() {
    return refused.doubleValue();
  }

  private void all(IntFunction<CompletionStage<CommandReply>> ask) throws InterruptedException {
    Semaphore room = new Semaphore(AT_ONCE);
    for (int i = 0; i < streams; i++) {
      acquire(room, 1);
      CompletionStage<CommandReply> unused =
          ask.apply(i).whenComplete((reply, failure) -> answered(reply, failure, room));
    }
    acquire(room, AT_ONCE);
    if (refused.get() > 0) {
      throw new IllegalStateException("commands that were not taken: " + refused);
    }
  }

  private static void acquire(Semaphore room, int permits) throws InterruptedException {
    if (!room.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("commands are not answered");
    }
  }

  @SuppressWarnings("NullAway") // a stage gives either
  private void answered(CommandReply reply, Throwable failure, Semaphore room) {
    if (failure != null || reply.getResult() != Result.RESULT_OK) {
      refused.incrementAndGet();
    }
    room.release();
  }

  /** Evenly, so that the load of them is the same at any time. */
  private void beat() {
    Semaphore room = new Semaphore(AT_ONCE);
    long began = System.nanoTime();
    long sent = 0;
    try {
      while (!closed) {
        long due = (System.nanoTime() - began) * streams / HEARTBEAT_NANOS;
        for (; sent < due && !closed; sent++) {
          acquire(room, 1);
          String streamId = Show.streamId((int) (sent % streams));
          CompletionStage<CommandReply> unused =
              subscriptions
                  .apply(heartbeat(streamId))
                  .whenComplete((reply, failure) -> answered(reply, failure, room));
        }
        Thread.sleep(STEP_MILLIS);
      }
    } catch (InterruptedException e) {
      // The end of it.
    }
  }

  private static OrchestratorCommand creation(String streamId) {
    return OrchestratorCommand.newBuilder()
        .setStart(StartCommand.newBuilder().setStreamId(streamId).setConfig(Show.config()))
        .build();
  }

  private static SubscriptionCommand registration(String streamId) {
    return SubscriptionCommand.newBuilder()
        .setRegister(
            RegisterCommand.newBuilder()
                .setStreamId(streamId)
                .setClientId(CLIENT)
                .setSourceAddr(CLIENT))
        .build();
  }

  private static SubscriptionCommand heartbeat(String streamId) {
    return SubscriptionCommand.newBuilder()
        .setHeartbeat(
            HeartbeatCommand.newBuilder()
                .setStreamId(streamId)
                .setClientId(CLIENT)
                .setSourceAddr(CLIENT))
        .build();
  }

  @Override
  public void close() {
    closed = true;
    heartbeats.interrupt();
  }
}
