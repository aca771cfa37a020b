package org.osprey.coordinator.streams.nats;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.nats.client.Message;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand.CommandCase;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.streams.StreamCommands;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has messages carried out and answers those that ask for it. Nothing here throws, and nothing
 * holds up the thread that brings the messages.
 */
@ThreadSafe
final class Inbound {
  private static final Logger log = LoggerFactory.getLogger(Inbound.class);

  private final Answers answers;
  private final int maxUnderWay;
  private final Semaphore room;
  private final TransportCounts counts;

  Inbound(Answers answers, int maxUnderWay, TransportCounts counts) {
    this.answers = answers;
    this.maxUnderWay = maxUnderWay;
    room = new Semaphore(maxUnderWay);
    this.counts = counts;
  }

  /** Hands on what was read. */
  private interface Task {
    CompletionStage<? extends MessageLite> begin() throws InvalidProtocolBufferException;
  }

  /** Says what is wrong, in a form that the asker reads. */
  private interface Refusal {
    void send(@Nullable String replyTo, Result result, String why);
  }

  void command(StreamCommands streams, Message message) {
    take(message, answers::refuse, () -> streams.command(read(message)));
  }

  void subscription(StreamCommands streams, Message message) {
    take(message, answers::refuse, () -> streams.subscription(readSubscription(message)));
  }

  void list(StreamCommands streams, Message message) {
    take(
        message,
        answers::refuseList,
        () -> streams.list(ListStreamsRequest.parseFrom(message.getData())));
  }

  int underWay() {
    return maxUnderWay - room.availablePermits();
  }

  /**
   * Waits for the answers to what was taken.
   *
   * @return whether all were given
   */
  boolean awaitAnswers(Duration atMost) throws InterruptedException {
    if (!room.tryAcquire(maxUnderWay, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    room.release(maxUnderWay);
    return true;
  }

  private void take(Message message, Refusal refusal, Task task) {
    counts.commands.increment();
    String replyTo = message.getReplyTo();
    if (!room.tryAcquire()) {
      counts.refused.increment();
      refusal.send(replyTo, Result.RESULT_TOO_MANY, maxUnderWay + " commands are under way");
      return;
    }
    try {
      task.begin().whenComplete((reply, failure) -> finished(replyTo, refusal, reply, failure));
    } catch (InvalidProtocolBufferException e) {
      room.release();
      counts.malformed.increment();
      refusal.send(replyTo, Result.RESULT_INVALID, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Commands do not throw; a bug must not eat up the room.
      finished(replyTo, refusal, null, e);
    }
  }

  private void finished(
      @Nullable String replyTo,
      Refusal refusal,
      @Nullable MessageLite reply,
      @Nullable Throwable failure) {
    try {
      if (reply != null) {
        answers.send(replyTo, reply);
      } else {
        refusal.send(replyTo, Result.RESULT_UNKNOWN, explain(failure));
      }
    } finally {
      room.release();
    }
  }

  private static String explain(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof StreamCommands.UnreachableException expected) {
      return String.valueOf(expected.getMessage());
    }
    log.error("command ended without a reply", failure);
    return "the coordinator failed, its log says why";
  }

  private static OrchestratorCommand read(Message message) throws InvalidProtocolBufferException {
    OrchestratorCommand command = OrchestratorCommand.parseFrom(message.getData());
    if (command.getCommandCase() == CommandCase.COMMAND_NOT_SET) {
      throw new InvalidProtocolBufferException(
          "command must be one of 1 to 8 or 11 of OrchestratorCommand, got none");
    }
    return command;
  }

  private static SubscriptionCommand readSubscription(Message message)
      throws InvalidProtocolBufferException {
    SubscriptionCommand command = SubscriptionCommand.parseFrom(message.getData());
    if (command.getCommandCase() == SubscriptionCommand.CommandCase.COMMAND_NOT_SET) {
      throw new InvalidProtocolBufferException(
          "command must be one of 1 to 3 of SubscriptionCommand, got none");
    }
    return command;
  }
}
