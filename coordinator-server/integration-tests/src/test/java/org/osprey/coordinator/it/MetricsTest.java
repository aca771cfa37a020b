package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/** What operators see of what happens on the wire; R5 has a worker that falls silent. */
class MetricsTest {

  @Test
  void eachStreamEndsForOneCause() {
    try (CoordinatorTester tester = CoordinatorTester.start();
        TcpProxy proxy = TcpProxy.to(tester.workerPort())) {
      List<RawWorker> workers = List.of(tester.worker(), tester.worker(), tester.worker());
      RawWorker wrong = tester.worker();
      RawWorker cut = RawWorker.connect(tester.channel(proxy.port()));
      await().until(() -> tester.count(Count.STREAMS_CONNECTED) == 5);
      workers.get(0).disconnect(null);
      workers.get(1).halfClose();
      workers.get(2).cancel();
      wrong.send(Request.getDefaultInstance());
      proxy.cut();
      await().until(() -> connected(tester) == 0);
      assertTrue(!cut.ended().isOk() && !wrong.ended().isOk());
      RawWorker sentAway = tester.worker();
      await().until(() -> connected(tester) == 1);
      long id = tester.coordinator().dispatcher().streams(1).getFirst().id();
      assertTrue(tester.coordinator().dispatcher().disconnect(id));
      assertTrue(sentAway.ended().isOk());
      RawWorker.silent(tester.workerChannel()).halfClose();
      await()
          .untilAsserted(
              () -> {
                Scrape scrape = Scrape.of(tester);
                assertEquals(3, disconnects(scrape, "graceful"));
                assertEquals(1, disconnects(scrape, "cancelled"));
                assertEquals(1, disconnects(scrape, "broken_pipe"));
                assertEquals(1, disconnects(scrape, "stream_error"));
                assertEquals(0, disconnects(scrape, "timeout"));
                assertEquals(6, scrape.value("new_connections_total"));
                assertEquals(0, scrape.value("connected_streams"));
              });
    }
  }

  @Test
  void eachSyncCallThatFailsHasOneCause() {
    // One call waits that long; the others are to be done with before.
    Duration patience = Duration.ofSeconds(5);
    CoordinatorTester.Setup setup = new CoordinatorTester.Setup();
    try (CoordinatorTester tester = setup.sync(1, 1 << 20).maxWait(patience).start()) {
      Caller caller = tester.caller().withDeadline(Duration.ofMinutes(1));
      assertRefused(() -> caller.call(Caller.request(1).clearTimestamp().build()));
      assertRefused(() -> caller.call(Caller.request(1).setActionName("").build()));
      ListenableFuture<ProcessActionResponse> expiring =
          caller.beginWithoutDeadline(Caller.request(2).build());
      await().until(expiring::isDone);
      ListenableFuture<ProcessActionResponse> waiting = caller.begin(Caller.request(3).build());
      awaitWaiting(tester, 1);
      assertRefused(() -> caller.call(Caller.request(4).build()));
      waiting.cancel(true);
      awaitWaiting(tester, 0);
      ListenableFuture<ProcessActionResponse> nacked = caller.begin(Caller.request(5).build());
      RawWorker worker = tester.worker();
      worker.nack(worker.take());
      await().until(nacked::isDone);
      Scrape scrape = Scrape.of(tester);
      assertEquals(6, scrape.value("sync_received_total"));
      assertEquals(2, failed(scrape, "deserialization"));
      assertEquals(1, failed(scrape, "deadline"));
      assertEquals(1, failed(scrape, "queue_full"));
      assertEquals(1, failed(scrape, "cancelled"));
      assertEquals(0, failed(scrape, "shutting_down"));
      assertEquals(0, failed(scrape, "worker_lost"));
      assertEquals(1, scrape.value("sync_results_total", "result", "nack"));
    }
  }

  @Test
  void everyLoopIsShown() {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      assertEquals(
          List.of("ticks", "activity-watch"),
          tester.coordinator().loops().stream().map(SupervisedLoop::name).toList());
      Scrape scrape = Scrape.of(tester);
      for (SupervisedLoop loop : tester.coordinator().loops()) {
        assertEquals(0, scrape.value("loop_stuck", "loop", loop.name()));
        assertTrue(scrape.value("loop_since_progress_seconds", "loop", loop.name()) < 10);
      }
      assertEquals(1, scrape.value("component_healthy", "component", "rpc"));
    }
  }

  private static void awaitWaiting(CoordinatorTester tester, int actions) {
    await().until(() -> tester.coordinator().dispatcher().stats().sync().waiting() == actions);
  }

  private static int connected(CoordinatorTester tester) {
    return tester.coordinator().dispatcher().stats().connected();
  }

  private static void assertRefused(Runnable call) {
    assertThrows(StatusRuntimeException.class, call::run);
  }

  private static double disconnects(Scrape scrape, String cause) {
    return scrape.value("client_disconnects_total", "cause", cause);
  }

  private static double failed(Scrape scrape, String cause) {
    return scrape.value("sync_failed_total", "cause", cause);
  }
}
