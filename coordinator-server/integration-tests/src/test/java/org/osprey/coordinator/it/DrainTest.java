package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/** How a coordinator goes. */
class DrainTest {

  @Test
  void whatIsOutIsFinishedAndNothingNewIsTaken() throws Exception {
    try (CoordinatorTester tester =
        new CoordinatorTester.Setup().drain(Duration.ofSeconds(20)).start()) {
      RawWorker busy = tester.worker();
      ListenableFuture<ProcessActionResponse> out =
          tester.caller().begin(Caller.request(1).build());
      OspreyCoordinatorAction action = busy.take();
      ListenableFuture<ProcessActionResponse> queued =
          tester.caller().begin(Caller.request(2).build());
      await().until(() -> tester.count(Count.SYNC_ACCEPTED) == 2);
      Caller late = tester.caller();

      Thread closing = Thread.ofVirtual().start(tester.coordinator()::close);

      await()
          .untilAsserted(
              () ->
                  assertEquals(
                      Status.Code.UNAVAILABLE,
                      assertThrows(
                              StatusRuntimeException.class,
                              () -> late.call(Caller.request(3).build()))
                          .getStatus()
                          .getCode()));
      assertEquals(Status.Code.UNAVAILABLE, tester.worker().ended().getCode());
      busy.ack(action);
      busy.ack(busy.take());
      assertEquals(1, out.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
      assertEquals(2, queued.get(60, TimeUnit.SECONDS).getVerdicts().getActionId());
      assertEquals(Status.OK, busy.ended());
      assertTrue(closing.join(Duration.ofMinutes(1)));
    }
  }

  @Test
  void aCallerWhomNobodyServesIsToldToGoElsewhere() {
    try (CoordinatorTester tester =
        new CoordinatorTester.Setup().drain(Duration.ofMillis(300)).start()) {
      ListenableFuture<ProcessActionResponse> queued =
          tester.caller().begin(Caller.request(1).build());
      await().until(() -> tester.count(Count.SYNC_ACCEPTED) == 1);
      tester.coordinator().close();
      ExecutionException failure =
          assertThrows(ExecutionException.class, () -> queued.get(60, TimeUnit.SECONDS));
      assertEquals(Status.Code.UNAVAILABLE, Status.fromThrowable(failure).getCode());
    }
  }

  @Test
  void aWorkerThatHangsDoesNotHoldUpTheEnd() {
    try (CoordinatorTester tester =
        new CoordinatorTester.Setup().drain(Duration.ofMillis(300)).start()) {
      RawWorker hanging = tester.worker();
      ListenableFuture<ProcessActionResponse> unused =
          tester.caller().begin(Caller.request(1).build());
      hanging.take();
      long start = System.nanoTime();
      tester.coordinator().close();
      tester.coordinator().close();
      // Its lease would be a minute.
      assertTrue(System.nanoTime() - start < Duration.ofSeconds(30).toNanos());
    }
  }
}
