package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ForceSceneCommand;
import org.osprey.coordinator.proto.streams.v1.HeartbeatCommand;
import org.osprey.coordinator.proto.streams.v1.InspectCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.PauseCommand;
import org.osprey.coordinator.proto.streams.v1.ReconfigureCommand;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.ResumeCommand;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;
import org.osprey.coordinator.proto.streams.v1.SkipSceneCommand;
import org.osprey.coordinator.proto.streams.v1.StartCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StopCommand;
import org.osprey.coordinator.proto.streams.v1.StreamMode;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.proto.streams.v1.UnregisterCommand;

/** An engine in time that a test lets pass: it works when told to, on the test's thread. */
final class Rig implements Transport {
  static final String ID = "show";
  static final long START = 1_800_000_000_000L;

  final ManualTicker ticker = new ManualTicker();
  final MemoryStore store;
  final List<StateUpdate> updates = new ArrayList<>();
  final List<Action> actions = new ArrayList<>();
  final StreamEngine engine;
  long wall;
  long heldUntil = Long.MAX_VALUE;

  Rig() {
    this(StreamSettings.DEFAULTS, new MemoryStore(), START, 1);
  }

  /**
   * @param epoch of every partition
   */
  Rig(StreamSettings settings, MemoryStore store, long wall, long epoch) {
    this.store = store;
    this.wall = wall;
    engine =
        new StreamEngine(
            settings,
            "one",
            this,
            store,
            new AllHeld(),
            action -> {
              synchronized (actions) {
                actions.add(action);
              }
              return CompletableFuture.allOf();
            },
            ticker,
            () -> Instant.ofEpochMilli(this.wall),
            new Random(1));
    for (int i = 0; i < Hold.PARTITIONS; i++) {
      Hold hold = new Hold(i, epoch);
      Shard shard = engine.shards().get(i % engine.shards().size());
      shard.execute(() -> shard.streams().acquired(hold, store.load(hold.partition())));
    }
    work();
  }

  /** The seed's: 3 s, 10 s and 2 s. */
  static OrchestratorConfigDto.Builder show() {
    return OrchestratorConfigDto.newBuilder()
        .addScenes(scene("Intro", 3_000))
        .addScenes(scene("Main", 10_000))
        .addScenes(scene("Outro", 2_000))
        .setTickIntervalMs(100);
  }

  static SceneConfigDto scene(String name, long millis) {
    return SceneConfigDto.newBuilder().setName(name).setDurationMs(millis).build();
  }

  void work() {
    engine.shards().forEach(Shard::work);
  }

  /** Lets time pass in steps, as a shard would see it. */
  void pass(Duration time) {
    long left = time.toMillis();
    while (left > 0) {
      long step = Math.min(left, 5);
      ticker.advance(Duration.ofMillis(step));
      wall += step;
      left -= step;
      work();
    }
  }

  /** Nothing works for so long, as if the process had been stopped. */
  void sleep(Duration time) {
    ticker.advance(time);
    wall += time.toMillis();
    work();
  }

  CommandReply send(OrchestratorCommand command) {
    return reply(engine.command(command));
  }

  CommandReply send(SubscriptionCommand command) {
    return reply(engine.subscription(command));
  }

  private CommandReply reply(CompletionStage<CommandReply> stage) {
    CompletableFuture<CommandReply> reply = stage.toCompletableFuture();
    work();
    work();
    work();
    assertTrue(reply.isDone(), "no reply");
    return reply.join();
  }

  CommandReply start(@Nullable OrchestratorConfigDto config) {
    StartCommand.Builder start = StartCommand.newBuilder().setStreamId(ID);
    if (config != null) {
      start.setConfig(config);
    }
    return send(OrchestratorCommand.newBuilder().setStart(start).build());
  }

  CommandReply stop() {
    return send(
        OrchestratorCommand.newBuilder().setStop(StopCommand.newBuilder().setStreamId(ID)).build());
  }

  CommandReply pause() {
    return send(
        OrchestratorCommand.newBuilder()
            .setPause(PauseCommand.newBuilder().setStreamId(ID))
            .build());
  }

  CommandReply resume() {
    return send(
        OrchestratorCommand.newBuilder()
            .setResume(ResumeCommand.newBuilder().setStreamId(ID))
            .build());
  }

  CommandReply skip() {
    return send(
        OrchestratorCommand.newBuilder()
            .setSkipScene(SkipSceneCommand.newBuilder().setStreamId(ID))
            .build());
  }

  CommandReply force(String scene) {
    return send(
        OrchestratorCommand.newBuilder()
            .setForceScene(ForceSceneCommand.newBuilder().setStreamId(ID).setSceneName(scene))
            .build());
  }

  CommandReply reconfigure(OrchestratorConfigDto config) {
    return send(
        OrchestratorCommand.newBuilder()
            .setReconfigure(ReconfigureCommand.newBuilder().setStreamId(ID).setConfig(config))
            .build());
  }

  /** Has those who submit actions do their work, on this thread. */
  void submitAll() {
    engine.actions().submit();
  }

  StreamView inspect() {
    CommandReply reply = look();
    assertResult(Result.RESULT_OK, reply);
    return reply.getView();
  }

  boolean exists() {
    return look().hasView();
  }

  private CommandReply look() {
    return send(
        OrchestratorCommand.newBuilder()
            .setInspect(InspectCommand.newBuilder().setStreamId(ID))
            .build());
  }

  static SubscriptionCommand registering(String id, String client, String address) {
    return SubscriptionCommand.newBuilder()
        .setRegister(
            RegisterCommand.newBuilder().setStreamId(id).setClientId(client).setSourceAddr(address))
        .build();
  }

  CommandReply register(String client, String address) {
    return send(registering(ID, client, address));
  }

  CommandReply unregister(String client, @Nullable String address) {
    UnregisterCommand.Builder command =
        UnregisterCommand.newBuilder().setStreamId(ID).setClientId(client);
    if (address != null) {
      command.setSourceAddr(address);
    }
    return send(SubscriptionCommand.newBuilder().setUnregister(command).build());
  }

  CommandReply heartbeat(String client, @Nullable String address) {
    HeartbeatCommand.Builder command =
        HeartbeatCommand.newBuilder().setStreamId(ID).setClientId(client);
    if (address != null) {
      command.setSourceAddr(address);
    }
    return send(SubscriptionCommand.newBuilder().setHeartbeat(command).build());
  }

  StateUpdate last() {
    return updates.getLast();
  }

  void assertMode(StreamMode mode) {
    assertEquals(mode, inspect().getState().getMode());
  }

  static void assertResult(Result result, CommandReply reply) {
    assertEquals(result, reply.getResult(), reply::getMessage);
  }

  @Override
  public void serve(StreamCommands streams) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StreamCommands streams() {
    return engine;
  }

  @Override
  public void publish(StateUpdate update) {
    updates.add(update);
  }

  @Override
  public CompletionStage<Watch> watch(String streamId, Consumer<StateUpdate> listener) {
    throw new UnsupportedOperationException();
  }

  /** This coordinator has everything, until a test says otherwise. */
  private final class AllHeld implements Ownership {
    @Override
    public void tell(Listener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String owner(int partition) {
      return "one";
    }

    @Override
    public long heldUntil(Hold hold) {
      return heldUntil;
    }

    @Override
    public List<String> instances() {
      return List.of("one");
    }

    @Override
    public Check check() {
      return Check.ok("all held", "");
    }

    @Override
    public void close() {}
  }
}
