package org.osprey.coordinator.streams.nats;

import com.google.protobuf.MessageLite;
import java.util.concurrent.CompletionStage;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.streams.Replies;
import org.osprey.coordinator.streams.StreamCommands;

/**
 * The way to streams that somebody else has.
 *
 * @param subjects where they are asked
 */
record RemoteCommands(Requests requests, Subjects subjects) implements StreamCommands {

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    return ask(subjects.command(), command);
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    return ask(subjects.subscription(), command);
  }

  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    return requests.ask(
        subjects.list(),
        request.toByteArray(),
        ListStreamsReply.parser(),
        (result, missing) -> result.completeExceptionally(new UnreachableException(missing.why())));
  }

  private CompletionStage<CommandReply> ask(String subject, MessageLite command) {
    return requests.ask(
        subject,
        command.toByteArray(),
        CommandReply.parser(),
        (result, missing) -> result.complete(Replies.of(missing.result(), missing.why())));
  }
}
