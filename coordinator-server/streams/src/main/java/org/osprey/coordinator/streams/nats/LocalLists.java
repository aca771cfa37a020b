package org.osprey.coordinator.streams.nats;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.streams.StreamCommands;

/**
 * Any coordinator, except for lists: each knows how to make one, so this process does where it can.
 *
 * @param local null while nothing is served here
 */
record LocalLists(StreamCommands remote, Supplier<@Nullable StreamCommands> local)
    implements StreamCommands {

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    return remote.command(command);
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    return remote.subscription(command);
  }

  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    StreamCommands here = local.get();
    return (here != null ? here : remote).list(request);
  }
}
