package org.osprey.coordinator.streams;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/** Takes everything, keeps it, and answers with its own name and what it was sent. */
public final class RecordedStreams implements StreamCommands {
  private final String name;
  private final List<OrchestratorCommand> commands = new CopyOnWriteArrayList<>();
  private final List<SubscriptionCommand> subscriptions = new CopyOnWriteArrayList<>();

  public RecordedStreams(String name) {
    this.name = name;
  }

  public List<OrchestratorCommand> commands() {
    return commands;
  }

  public List<SubscriptionCommand> subscriptions() {
    return subscriptions;
  }

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    commands.add(command);
    return reply(command.toString());
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    subscriptions.add(command);
    return reply(command.toString());
  }

  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    StreamView view =
        StreamView.newBuilder()
            .setInstance(name)
            .setState(StateUpdate.newBuilder().setStreamId(request.getAfter()))
            .build();
    return CompletableFuture.completedStage(ListStreamsReply.newBuilder().addStreams(view).build());
  }

  private CompletionStage<CommandReply> reply(String text) {
    return CompletableFuture.completedStage(Replies.of(Result.RESULT_OK, name + " " + text));
  }
}
