package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.PauseCommand;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/** What tests send, and how they wait for what becomes of it. */
public final class Commands {
  private static final long PATIENCE_SECONDS = 60;

  private Commands() {}

  public static OrchestratorCommand pause(String streamId) {
    return OrchestratorCommand.newBuilder()
        .setPause(PauseCommand.newBuilder().setStreamId(streamId))
        .build();
  }

  public static SubscriptionCommand register(String streamId) {
    return SubscriptionCommand.newBuilder()
        .setRegister(
            RegisterCommand.newBuilder()
                .setStreamId(streamId)
                .setClientId("client")
                .setSourceAddr("127.0.0.1:1"))
        .build();
  }

  public static StateUpdate update(String streamId, long seq) {
    return StateUpdate.newBuilder().setStreamId(streamId).setEpoch(1).setSeq(seq).build();
  }

  public static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** What a stage failed with. */
  public static Throwable failure(CompletionStage<?> stage) {
    ExecutionException failed = assertThrows(ExecutionException.class, () -> get(stage));
    Throwable cause = failed.getCause();
    return cause == null ? failed : cause;
  }
}
