package org.osprey.coordinator.streams;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.Result;

/**
 * A command on its way to the one who has its stream.
 *
 * @param partition of its stream
 * @param send gives it to somebody
 * @param end ticker nanoseconds; nobody is looked for after that
 */
record Errand(
    int partition,
    Function<StreamCommands, CompletionStage<CommandReply>> send,
    long end,
    CompletableFuture<CommandReply> reply) {

  /** Ends it. */
  void answer(Result result, String message) {
    reply.complete(Replies.of(result, message));
  }
}
