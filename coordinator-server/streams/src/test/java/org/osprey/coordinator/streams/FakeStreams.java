package org.osprey.coordinator.streams;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/** Streams that answer what a test wants, and write down what they were asked. */
final class FakeStreams implements StreamCommands {
  final List<Object> asked = new CopyOnWriteArrayList<>();

  private final String name;
  private volatile Supplier<CompletionStage<CommandReply>> answer;
  private volatile CompletionStage<ListStreamsReply> list =
      CompletableFuture.completedStage(ListStreamsReply.getDefaultInstance());

  FakeStreams(String name) {
    this.name = name;
    answer = () -> CompletableFuture.completedStage(reply(Result.RESULT_OK));
  }

  void answers(Result result) {
    answer = () -> CompletableFuture.completedStage(reply(result));
  }

  void answersWith(Supplier<CompletionStage<CommandReply>> wanted) {
    answer = wanted;
  }

  void lists(CompletionStage<ListStreamsReply> wanted) {
    list = wanted;
  }

  /** Its streams, each as of an epoch. */
  void lists(long epoch, String... ids) {
    ListStreamsReply.Builder reply = ListStreamsReply.newBuilder();
    for (String id : ids) {
      reply.addStreams(
          StreamView.newBuilder()
              .setInstance(name)
              .setState(StateUpdate.newBuilder().setStreamId(id).setEpoch(epoch)));
    }
    list = CompletableFuture.completedStage(reply.build());
  }

  CommandReply reply(Result result) {
    return CommandReply.newBuilder().setResult(result).setMessage("from " + name).build();
  }

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    asked.add(command);
    return answer.get();
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    asked.add(command);
    return answer.get();
  }

  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    asked.add(request);
    return list;
  }
}
