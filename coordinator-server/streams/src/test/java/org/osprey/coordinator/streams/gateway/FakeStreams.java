package org.osprey.coordinator.streams.gateway;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.HeartbeatCommand;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.proto.streams.v1.UnregisterCommand;
import org.osprey.coordinator.streams.StreamCommands;
import org.osprey.coordinator.streams.Transport;

/** Streams that answer as a test says, and write down what they are asked. */
final class FakeStreams implements Transport, StreamCommands {
  final Queue<OrchestratorCommand> commands = new ConcurrentLinkedQueue<>();
  final Queue<RegisterCommand> registers = new ConcurrentLinkedQueue<>();
  final Queue<UnregisterCommand> unregisters = new ConcurrentLinkedQueue<>();
  final Queue<HeartbeatCommand> heartbeats = new ConcurrentLinkedQueue<>();
  final AtomicInteger watches = new AtomicInteger();

  /** What is said to everything, in place of what a stream would say. */
  volatile @Nullable CommandReply answer;

  /** The same for registers, heartbeats and unregisters. */
  volatile @Nullable CommandReply subscriptionAnswer;

  volatile boolean reachable = true;
  private final Map<String, StreamView> views = new ConcurrentSkipListMap<>();
  private final Map<String, List<Consumer<StateUpdate>>> listeners = new ConcurrentHashMap<>();

  void put(StreamView view) {
    views.put(view.getState().getStreamId(), view);
  }

  void put(StateUpdate state) {
    put(StreamView.newBuilder().setState(state).build());
  }

  void remove(String streamId) {
    views.remove(streamId);
  }

  @Override
  public void serve(StreamCommands streams) {
    throw new AssertionError("the gateway serves nothing");
  }

  @Override
  public StreamCommands streams() {
    return this;
  }

  /** The stream stands so, and all who watch are told. */
  @Override
  public void publish(StateUpdate update) {
    put(update);
    tell(update);
  }

  /** Tells all who watch, whatever the stream says when it is asked. */
  void tell(StateUpdate update) {
    listeners
        .getOrDefault(update.getStreamId(), List.of())
        .forEach(listener -> listener.accept(update));
  }

  @Override
  public CompletionStage<Watch> watch(String streamId, Consumer<StateUpdate> listener) {
    if (!reachable) {
      return CompletableFuture.failedFuture(new UnreachableException("away"));
    }
    listeners.computeIfAbsent(streamId, id -> new CopyOnWriteArrayList<>()).add(listener);
    watches.incrementAndGet();
    return CompletableFuture.completedFuture(
        () -> {
          if (listeners.getOrDefault(streamId, List.of()).remove(listener)) {
            watches.decrementAndGet();
          }
        });
  }

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    commands.add(command);
    CommandReply given = answer;
    if (given != null) {
      return CompletableFuture.completedFuture(given);
    }
    return CompletableFuture.completedFuture(
        switch (command.getCommandCase()) {
          case START -> said(Result.RESULT_OK, "");
          case INSPECT -> inspected(command.getInspect().getStreamId());
          case STOP -> state(command.getStop().getStreamId());
          case PAUSE -> state(command.getPause().getStreamId());
          case RESUME -> state(command.getResume().getStreamId());
          case FORCE_SCENE -> state(command.getForceScene().getStreamId());
          case SKIP_SCENE -> state(command.getSkipScene().getStreamId());
          case UPDATE_STREAM_STATUS -> state(command.getUpdateStreamStatus().getStreamId());
          case RECONFIGURE -> state(command.getReconfigure().getStreamId());
          case COMMAND_NOT_SET -> said(Result.RESULT_INVALID, "command: is missing");
        });
  }

  private CommandReply inspected(String streamId) {
    StreamView view = views.get(streamId);
    return view == null ? unknown() : reply(view.getState()).toBuilder().setView(view).build();
  }

  private CommandReply state(String streamId) {
    StreamView view = views.get(streamId);
    return view == null ? unknown() : reply(view.getState());
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    CommandReply given = subscriptionAnswer;
    switch (command.getCommandCase()) {
      case REGISTER -> registers.add(command.getRegister());
      case UNREGISTER -> unregisters.add(command.getUnregister());
      case HEARTBEAT -> heartbeats.add(command.getHeartbeat());
      case COMMAND_NOT_SET -> throw new AssertionError("empty");
    }
    return CompletableFuture.completedFuture(given == null ? state(streamId(command)) : given);
  }

  private static String streamId(SubscriptionCommand command) {
    return switch (command.getCommandCase()) {
      case REGISTER -> command.getRegister().getStreamId();
      case UNREGISTER -> command.getUnregister().getStreamId();
      case HEARTBEAT -> command.getHeartbeat().getStreamId();
      case COMMAND_NOT_SET -> "";
    };
  }

  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    if (!reachable) {
      return CompletableFuture.failedFuture(new UnreachableException("nobody serves streams"));
    }
    return CompletableFuture.completedFuture(
        ListStreamsReply.newBuilder()
            .addAllStreams(
                views.entrySet().stream()
                    .filter(entry -> entry.getKey().compareTo(request.getAfter()) > 0)
                    .limit(request.getLimit())
                    .map(Map.Entry::getValue)
                    .toList())
            .build());
  }

  static CommandReply said(Result result, String message) {
    return CommandReply.newBuilder().setResult(result).setMessage(message).build();
  }

  static CommandReply reply(StateUpdate state) {
    return CommandReply.newBuilder().setResult(Result.RESULT_OK).setState(state).build();
  }

  private static CommandReply unknown() {
    return said(Result.RESULT_UNKNOWN_STREAM, "stream_id: there is no such stream");
  }
}
