package org.osprey.coordinator.streams.gateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.InspectCommand;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.streams.Transport;

/**
 * Asks what an HTTP request is about, waits for the reply, and makes problems of what is refused.
 */
final class StreamRequests {
  /** Transports answer sooner; this is for one that does not. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final int RETRY_SECONDS = 1;

  private final Transport transport;

  StreamRequests(Transport transport) {
    this.transport = transport;
  }

  /**
   * @return a reply that says OK
   * @throws ProblemException otherwise
   */
  @CanIgnoreReturnValue
  CommandReply ask(OrchestratorCommand command) {
    CommandReply reply = await(transport.streams().command(command));
    return switch (reply.getResult()) {
      case RESULT_OK -> reply;
      case RESULT_INVALID -> throw problem(HttpStatus.BAD_REQUEST, reply, 0);
      case RESULT_UNKNOWN_STREAM, RESULT_UNKNOWN_SCENE ->
          throw problem(HttpStatus.NOT_FOUND, reply, 0);
      case RESULT_NOT_CONFIGURED, RESULT_ALREADY_RUNNING, RESULT_CONFLICT ->
          throw problem(HttpStatus.CONFLICT, reply, 0);
      case RESULT_TOO_MANY -> throw problem(HttpStatus.TOO_MANY_REQUESTS, reply, RETRY_SECONDS);
      case RESULT_UNAVAILABLE, RESULT_NOT_OWNER ->
          throw problem(HttpStatus.SERVICE_UNAVAILABLE, reply, RETRY_SECONDS);
      case RESULT_UNKNOWN, RESULT_UNSPECIFIED, UNRECOGNIZED ->
          throw problem(HttpStatus.GATEWAY_TIMEOUT, reply, 0);
    };
  }

  private static ProblemException problem(
      HttpStatus status, CommandReply reply, int retryAfterSeconds) {
    return new ProblemException(status, reply.getMessage(), retryAfterSeconds);
  }

  /** As {@link #ask}; the reply has a view. */
  CommandReply inspect(String streamId) {
    return ask(
        OrchestratorCommand.newBuilder()
            .setInspect(InspectCommand.newBuilder().setStreamId(streamId))
            .build());
  }

  ListStreamsReply list(ListStreamsRequest request) {
    return await(transport.streams().list(request));
  }

  private static <T> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, RootMessage.of(e), RETRY_SECONDS);
    } catch (TimeoutException e) {
      throw new ProblemException(
          HttpStatus.GATEWAY_TIMEOUT, "no answer for %d s".formatted(LONGEST.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(
          HttpStatus.SERVICE_UNAVAILABLE, "the coordinator stops", RETRY_SECONDS);
    }
  }
}
