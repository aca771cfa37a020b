package org.osprey.coordinator.streams.nats;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.streams.Replies;
import org.osprey.coordinator.streams.StreamCommands;

/**
 * Takes commands and answers when it is told to. A list has as many bytes as its limit, or fails.
 */
final class HeldStreams implements StreamCommands {
  private final Queue<CompletableFuture<CommandReply>> held = new ConcurrentLinkedQueue<>();

  int count() {
    return held.size();
  }

  void answerAll() {
    held.forEach(each -> each.complete(Replies.of(Result.RESULT_OK, "late")));
  }

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    CompletableFuture<CommandReply> answer = new CompletableFuture<>();
    held.add(answer);
    return answer;
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    throw new IllegalStateException("thrown on purpose");
  }

  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    if (request.getLimit() > 0) {
      StreamView.Builder view = StreamView.newBuilder().setInstance("x".repeat(request.getLimit()));
      return CompletableFuture.completedStage(
          ListStreamsReply.newBuilder().addStreams(view).build());
    }
    return CompletableFuture.failedStage(new UnreachableException("half of them do not answer"));
  }
}
