package org.osprey.coordinator.benchmarks.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/** Somebody else's client of the streams: bare messages on the subjects, over one connection. */
final class NatsWatcher implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Connection connection;

  NatsWatcher(String url) throws IOException, InterruptedException {
    connection =
        Nats.connect(new Options.Builder().server(url).connectionTimeout(PATIENCE).build());
  }

  CompletionStage<CommandReply> command(OrchestratorCommand command) {
    return ask("orchestrator.command", command.toByteArray());
  }

  CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    return ask("orchestrator.subscription", command.toByteArray());
  }

  private CompletionStage<CommandReply> ask(String subject, byte[] command) {
    return connection.requestWithTimeout(subject, command, PATIENCE).thenApply(NatsWatcher::reply);
  }

  private static CommandReply reply(Message message) {
    try {
      return CommandReply.parseFrom(message.getData());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the reply cannot be read", e);
    }
  }

  /** A subscription for each stream; returns when the server has them all. */
  void watch(int streams, Arrivals arrivals) throws InterruptedException, TimeoutException {
    Dispatcher dispatcher = connection.createDispatcher();
    dispatcher.setPendingLimits(-1, -1);
    for (int i = 0; i < streams; i++) {
      int watcher = i;
      dispatcher.subscribe(
          "stream.%s.updates".formatted(Show.streamId(i)),
          message -> arrivals.arrived(watcher, update(message)));
    }
    connection.flush(PATIENCE);
  }

  private static StateUpdate update(Message message) {
    try {
      return StateUpdate.parseFrom(message.getData());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an update cannot be read", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
