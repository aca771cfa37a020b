package org.osprey.coordinator.streams.nats;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.support.NatsRequestCompletableFuture;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.nats.NatsConnection;
import org.osprey.coordinator.proto.streams.v1.Result;

/** Asks others and waits for their answer, with a bound on how many are asked at once. */
@ThreadSafe
final class Requests {
  private final NatsConnection connection;
  private final Duration timeout;
  private final int maxUnderWay;
  private final Semaphore room;
  private final TransportCounts counts;

  Requests(NatsConnection connection, NatsTransportSettings settings, TransportCounts counts) {
    this.connection = connection;
    timeout = settings.requestTimeout();
    maxUnderWay = settings.maxUnderWay();
    room = new Semaphore(maxUnderWay);
    this.counts = counts;
  }

  /** Why there is no answer: the result that a command gets, and words for people. */
  record Missing(Result result, String why) {}

  private record Question<T>(
      String subject,
      Parser<T> parser,
      CompletableFuture<T> result,
      BiConsumer<CompletableFuture<T>, Missing> otherwise) {

    private void missing(Result missing, String why) {
      otherwise.accept(result, new Missing(missing, why));
    }
  }

  /**
   * Never throws, and completes in time.
   *
   * @param otherwise completes the result where the answer is missing
   */
  <T> CompletionStage<T> ask(
      String subject,
      byte[] body,
      Parser<T> parser,
      BiConsumer<CompletableFuture<T>, Missing> otherwise) {
    Question<T> question = new Question<>(subject, parser, new CompletableFuture<>(), otherwise);
    if (room.tryAcquire()) {
      ask(question, body);
    } else {
      question.missing(Result.RESULT_TOO_MANY, maxUnderWay + " commands wait for their answer");
    }
    return question.result;
  }

  private <T> void ask(Question<T> question, byte[] body) {
    CompletableFuture<Message> sent = send(question.subject, body);
    CompletionStage<Message> answer = sent.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    answer.whenComplete(
        (message, failure) -> {
          room.release();
          if (message != null) {
            read(message, question);
          } else {
            explain(question, sent, failure);
          }
        });
  }

  private CompletableFuture<Message> send(String subject, byte[] body) {
    Connection used = connection.current();
    if (used == null) {
      return CompletableFuture.failedFuture(new IllegalStateException(connection.check().detail()));
    }
    try {
      CompletableFuture<Message> answer = used.request(subject, body);
      counts.requests.increment();
      return answer;
    } catch (IllegalStateException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <T> void read(Message message, Question<T> question) {
    String error = message.hasHeaders() ? message.getHeaders().getLast(Answers.ERROR_HEADER) : null;
    if (error != null) {
      question.missing(Result.RESULT_UNKNOWN, error);
      return;
    }
    try {
      question.result.complete(question.parser.parseFrom(message.getData()));
    } catch (InvalidProtocolBufferException e) {
      counts.malformed.increment();
      question.missing(
          Result.RESULT_UNKNOWN, "the answer on %s cannot be read".formatted(question.subject));
    }
  }

  /** What certainly was not sent, or reached nobody, is UNAVAILABLE. */
  private <T> void explain(
      Question<T> question, CompletableFuture<Message> sent, @Nullable Throwable failure) {
    switch (failure) {
      case CancellationException e when !isClosing(sent) ->
          question.missing(Result.RESULT_UNAVAILABLE, "nobody serves " + question.subject);
      case IllegalStateException e when !(e instanceof CancellationException) ->
          question.missing(Result.RESULT_UNAVAILABLE, "not sent to NATS: " + e.getMessage());
      case IllegalArgumentException e ->
          question.missing(Result.RESULT_INVALID, "not taken by NATS: " + e.getMessage());
      case null, default -> {
        counts.unanswered.increment();
        question.missing(
            Result.RESULT_UNKNOWN,
            "no answer on %s within %d ms".formatted(question.subject, timeout.toMillis()));
      }
    }
  }

  /** The client cancels in two cases, and only in this one the request may have been served. */
  private static boolean isClosing(CompletableFuture<Message> answer) {
    return answer instanceof NatsRequestCompletableFuture request && request.wasCancelledClosing();
  }
}
