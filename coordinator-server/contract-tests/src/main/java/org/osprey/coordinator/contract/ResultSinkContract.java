package org.osprey.coordinator.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.ResultSinkRig.PublishedResult;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outcome.Acked;
import org.osprey.coordinator.core.ResultSink.ResultTooLargeException;

/** What every result sink promises. */
public interface ResultSinkContract {
  Duration PATIENCE = Duration.ofSeconds(40);

  ResultSinkRig rig() throws Exception;

  @Test
  default void aResultIsStoredUnderItsActionIdWhenTheStageCompletes() throws Exception {
    try (ResultSinkRig rig = rig()) {
      byte[] result = {1, 0, (byte) 0xff};
      get(rig.sink().publish(delivery(-1), new Acked("verdicts".getBytes(UTF_8), result)));
      PublishedResult published = rig.read(1, PATIENCE).getFirst();
      assertEquals("18446744073709551615", published.key());
      assertArrayEquals(result, published.value());
    }
  }

  @Test
  default void verdictsArePublishedWhereThereIsNoResult() throws Exception {
    try (ResultSinkRig rig = rig()) {
      byte[] verdicts = "verdicts".getBytes(UTF_8);
      Acked acked = new Acked(verdicts, null);
      assertTrue(rig.sink().wants(acked));
      get(rig.sink().publish(delivery(7), acked));
      assertArrayEquals(verdicts, rig.read(1, PATIENCE).getFirst().value());
    }
  }

  @Test
  default void anAckThatSaysNothingIsNotWanted() throws Exception {
    try (ResultSinkRig rig = rig()) {
      assertFalse(rig.sink().wants(Acked.EMPTY));
      assertTrue(rig.sink().wants(new Acked(null, new byte[] {1})));
    }
  }

  @Test
  default void manyAtOnceAreAllStored() throws Exception {
    int count = 500;
    try (ResultSinkRig rig = rig()) {
      List<CompletableFuture<Void>> stages = new ArrayList<>();
      Set<String> ids = new HashSet<>();
      for (int id = 1; id <= count; id++) {
        ids.add(Integer.toString(id));
        stages.add(
            rig.sink()
                .publish(delivery(id), new Acked(null, new byte[] {1, 2, 3}))
                .toCompletableFuture());
      }
      for (CompletableFuture<Void> stage : stages) {
        get(stage);
      }
      Set<String> keys =
          rig.read(count, PATIENCE).stream().map(PublishedResult::key).collect(Collectors.toSet());
      assertEquals(ids, keys);
    }
  }

  @Test
  default void aResultThatIsTooLargeIsRefusedForGoodAndTheOthersFlow() throws Exception {
    try (ResultSinkRig rig = rig()) {
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () ->
                  get(rig.sink().publish(delivery(1), new Acked(null, new byte[rig.tooLarge()]))));
      assertInstanceOf(ResultTooLargeException.class, refused.getCause());
      get(rig.sink().publish(delivery(2), new Acked(null, new byte[] {1})));
      assertEquals("2", rig.read(1, PATIENCE).getFirst().key());
    }
  }

  private static Delivery delivery(long id) {
    Action action =
        new Action(id, "contract", Action.Encoding.JSON, "{}".getBytes(UTF_8), null, Instant.EPOCH);
    return Delivery.async(action, "contract", null, outcome -> {});
  }

  private static void get(java.util.concurrent.CompletionStage<Void> stage) throws Exception {
    stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
