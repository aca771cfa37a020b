package org.osprey.coordinator.streams;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/**
 * The way to streams where there is nobody.
 *
 * @param message says so, for people
 */
record NobodyServes(String message) implements StreamCommands {

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    return unavailable();
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    return unavailable();
  }

  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    return CompletableFuture.failedStage(new UnreachableException(message));
  }

  private CompletionStage<CommandReply> unavailable() {
    return CompletableFuture.completedStage(Replies.of(Result.RESULT_UNAVAILABLE, message));
  }
}
