package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.rpc.RawHttp2;

/**
 * Row R30 of the fault table: connections that are there and say nothing. {@code
 * -Dfault.idle=10000} has the row's number, {@code -Dfault.strict=true} asks for its latency, which
 * takes a quiet machine.
 */
class IdleConnectionsTest {
  private static final int CONNECTIONS = Integer.getInteger("fault.idle", 1_000);
  private static final boolean STRICT = Boolean.getBoolean("fault.strict");
  private static final int CALLS = 2_000;
  private static final long MOST_KIB = 64;
  private static final long PATIENCE_MILLIS = TimeUnit.MINUTES.toMillis(1);

  @TempDir private Path folder;

  @Test
  void theyCostLittle() throws IOException {
    ManagedChannel workers = null;
    ManagedChannel callers = null;
    Deque<RawHttp2> idle = new ArrayDeque<>();
    try (CoordinatorProcess coordinator =
        new CoordinatorProcess.Setup(
                folder, "database: {file: \"%s\"}\n".formatted(folder.resolve("idle.db")))
            .start()) {
      workers = channel(coordinator.workerPort());
      callers = channel(coordinator.syncPort());
      RawWorker.connect(workers).ackingAll();
      Caller caller = new Caller(callers);
      call(caller);
      // What the first ones cost once, as buffers and code, is no matter of their number.
      connect(coordinator, idle, CONNECTIONS / 20);
      awaitConnections(coordinator, CONNECTIONS / 20 + 1);
      close(idle);
      awaitConnections(coordinator, 1);
      long before = coordinator.rssKib();
      Duration quiet = call(caller);
      connect(coordinator, idle, CONNECTIONS);
      awaitConnections(coordinator, CONNECTIONS + 1);
      Duration beside = call(caller);
      long each = (coordinator.rssKib() - before) / CONNECTIONS;
      System.out.printf(
          "R30 idle_connections=%d kib_each=%d accepted=%d completed=%d p99_us=%d quiet_p99_us=%d%n",
          CONNECTIONS,
          each,
          2 * CALLS,
          2 * CALLS,
          TimeUnit.NANOSECONDS.toMicros(beside.toNanos()),
          TimeUnit.NANOSECONDS.toMicros(quiet.toNanos()));
      assertTrue(each <= MOST_KIB, () -> each + " KiB each");
      assertTrue(!STRICT || beside.compareTo(quiet.multipliedBy(2)) <= 0);
      assertTrue(idle.stream().noneMatch(RawHttp2::isCut), "one was cut");
    } finally {
      close(idle);
      for (ManagedChannel channel : new ManagedChannel[] {workers, callers}) {
        if (channel != null) {
          channel.shutdownNow();
        }
      }
    }
  }

  @Test
  void oneTooManyIsClosedAtOnce() throws IOException {
    try (CoordinatorTester tester =
            new CoordinatorTester.Setup().limits(Limits.maxConnections(2)).start();
        RawHttp2 other = GrpcPort.SYNC.connect(tester).begin()) {
      try (RawHttp2 first = GrpcPort.SYNC.connect(tester).begin();
          RawHttp2 tooMany = GrpcPort.SYNC.connect(tester)) {
        await().until(() -> GrpcPort.SYNC.connections(tester) == 2 || first.isCut());
        assertNotEquals(-1, tooMany.awaitCut(PATIENCE_MILLIS));
        assertFalse(first.isCut() || other.isCut());
        assertEquals(1, GrpcPort.SYNC.cut(tester, "limit"));
        assertEquals(0, GrpcPort.WORKER.cut(tester, "limit"));
      }
      await().until(() -> GrpcPort.SYNC.connections(tester) == 1);
      tester.worker().ackingAll();
      long answered = tester.caller().call(Caller.request(5).build()).getVerdicts().getActionId();
      assertEquals(5, answered);
    }
  }

  @Test
  void whoNeverCallsIsAskedToLeave() throws IOException {
    Duration idle = Duration.ofMillis(200);
    try (CoordinatorTester tester =
            new CoordinatorTester.Setup().limits(Limits.maxConnectionIdle(idle)).start();
        RawHttp2 client = GrpcPort.SYNC.connect(tester).answeringPings().begin()) {
      RawWorker worker = tester.worker();
      assertNotEquals(-1, client.awaitCut(PATIENCE_MILLIS));
      assertEquals(0, client.goAway());
      assertFalse(worker.hasEnded(), "a worker that waits is no idle connection");
    }
  }

  private static void connect(CoordinatorProcess coordinator, Deque<RawHttp2> idle, int count)
      throws IOException {
    for (int i = 0; i < count; i++) {
      idle.add(RawHttp2.connect(coordinator.syncPort()).answeringPings().begin());
    }
  }

  private static void close(Deque<RawHttp2> idle) throws IOException {
    while (!idle.isEmpty()) {
      idle.remove().close();
    }
  }

  private static void awaitConnections(CoordinatorProcess coordinator, int wanted) {
    String url = "http://127.0.0.1:" + coordinator.httpPort();
    await().until(() -> Scrape.of(url).value("connections", "port", "sync") == wanted);
  }

  /**
   * @return the p99
   */
  private static Duration call(Caller caller) {
    try (Neighbour neighbour = Neighbour.of(caller)) {
      await().until(() -> neighbour.calls() >= CALLS || neighbour.hasFailed());
      neighbour.check();
      return neighbour.quantile(0.99);
    }
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }
}
