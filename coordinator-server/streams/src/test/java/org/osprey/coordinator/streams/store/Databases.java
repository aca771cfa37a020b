package org.osprey.coordinator.streams.store;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;
import org.osprey.coordinator.proto.streams.v1.StreamMode;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.Snapshot;

/** What the tests of this package share. */
final class Databases {
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private Databases() {}

  static Database open(DatabaseSettings settings) {
    Database database =
        new Database(settings, List.of(DatabaseSnapshots.FEATURE), Ticker.system(), new Random(1));
    database.start();
    return database;
  }

  static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** What the stage failed with, as somebody is told who follows it. */
  static Throwable failure(CompletionStage<?> stage) throws Exception {
    try {
      return done(stage.handle((value, failure) -> failure));
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  static Snapshot snapshot(String id, long run) {
    OrchestratorConfigDto config =
        OrchestratorConfigDto.newBuilder()
            .addScenes(SceneConfigDto.newBuilder().setName("Intro \u00fc").setDurationMs(3_000))
            .setLoopScenes(true)
            .build();
    return new Snapshot(id, config, StreamMode.STREAM_MODE_RUNNING, run, 7, 1_234, Long.MAX_VALUE);
  }

  /** An id that belongs to the partition. */
  static String idIn(int partition) {
    for (int i = 0; ; i++) {
      if (Hold.partitionOf("s" + i) == partition) {
        return "s" + i;
      }
    }
  }
}
