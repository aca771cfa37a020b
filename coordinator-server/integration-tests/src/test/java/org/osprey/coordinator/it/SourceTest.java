package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemoryResultSink;
import org.osprey.coordinator.core.InMemorySource;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Ack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.common.v1.ExecutionResult;

/** A source, a worker and a sink around the whole coordinator. */
class SourceTest {
  private final InMemoryOrigin origin = new InMemoryOrigin();
  private final InMemorySource source =
      new InMemorySource("memory", origin, new InMemoryDeadLetters(), Ticker.system());

  @Test
  void whatTheSourceHasReachesWorkersAndTheSourceHearsOfIt() {
    try (CoordinatorTester tester = new CoordinatorTester.Setup().source(source).start()) {
      tester.worker().ackingAll();
      for (int id = 1; id <= 1_000; id++) {
        origin.add(action(id));
      }
      await().until(() -> origin.outcomes().size() == 1_000);
      assertEquals("1000 of 1000 finished", source.check().detail());
      assertTrue(tester.coordinator().checks().stream().allMatch(Check::healthy));
    }
  }

  @Test
  void aPausedSourceOffersNothing() {
    try (CoordinatorTester tester = new CoordinatorTester.Setup().source(source).start()) {
      RawWorker worker = tester.worker();
      source.setPaused(true);
      origin.add(action(1));
      await().until(() -> source.check().detail().equals("0 of 1 finished, paused"));
      assertEquals(0, worker.pending());
      source.setPaused(false);
      worker.ack(worker.take());
      await().until(() -> origin.outcomes().size() == 1);
    }
  }

  @Test
  void anActionThatIsAlwaysNackedEndsInTheDeadLetters() {
    try (CoordinatorTester tester = new CoordinatorTester.Setup().source(source).start()) {
      RawWorker worker = tester.worker();
      origin.add(action(1));
      for (int i = 0; i < 3; i++) {
        worker.nack(worker.take());
      }
      await().until(() -> origin.outcomes().size() == 1);
      assertEquals(new Outcome.DeadLettered(DeadLetter.Reason.NACKED), origin.outcomes().get(1L));
      assertEquals(1, tester.deadLetters().kept().size());
    }
  }

  @Test
  void aResultIsPublishedBeforeTheSourceHearsOfTheAck() {
    InMemoryResultSink sink = new InMemoryResultSink();
    try (CoordinatorTester tester =
        new CoordinatorTester.Setup().source(source).sink(sink).start()) {
      RawWorker worker = tester.worker();
      origin.add(action(1));
      OspreyCoordinatorAction action = worker.take();
      ExecutionResult result =
          ExecutionResult.newBuilder().setActionId(1).setExtractedFeaturesJson("{}").build();
      worker.send(
          Request.newBuilder()
              .setActionRequest(
                  ActionRequest.newBuilder()
                      .setAckOrNack(
                          AckOrNack.newBuilder()
                              .setAckId(action.getAckId())
                              .setAck(Ack.newBuilder().setExecutionResult(result))))
              .build());
      await().until(() -> origin.outcomes().size() == 1);
      assertEquals(1, sink.published().size());
      assertEquals(
          result.toByteString(),
          com.google.protobuf.ByteString.copyFrom(
              java.util.Objects.requireNonNull(sink.published().get(0).acked().executionResult())));
    }
  }

  @Test
  void whatIsUnfinishedAtTheEndStaysWithTheSource() {
    try (CoordinatorTester tester =
        new CoordinatorTester.Setup().source(source).drain(Duration.ofMillis(200)).start()) {
      RawWorker worker = tester.worker();
      origin.add(action(1));
      origin.add(action(2));
      worker.take();
      tester.coordinator().close();
      assertEquals(0, origin.outcomes().size());
    }
  }

  private static Action action(long id) {
    byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
    return new Action(id, "user_login", Action.Encoding.JSON, payload, null, Instant.EPOCH);
  }
}
