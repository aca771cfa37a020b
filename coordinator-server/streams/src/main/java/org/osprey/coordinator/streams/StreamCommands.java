package org.osprey.coordinator.streams;

import java.util.concurrent.CompletionStage;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/**
 * Takes what is asked of streams. Safe for use by many threads, never blocks, and never throws:
 * what is wrong with a command, and what keeps it from being carried out, is in its reply, and a
 * reply always comes.
 */
public interface StreamCommands {

  /** Steers a stream, or looks at one. */
  CompletionStage<CommandReply> command(OrchestratorCommand command);

  /** Says who watches. The reply to a register has the state that updates go on from. */
  CompletionStage<CommandReply> subscription(SubscriptionCommand command);

  /**
   * Streams in the order of their ids.
   *
   * @return fails with {@link UnreachableException} when those who have them do not answer
   */
  CompletionStage<ListStreamsReply> list(ListStreamsRequest request);

  /** Nobody answered. */
  final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnreachableException(String message) {
      super(message, null, false, false);
    }
  }
}
