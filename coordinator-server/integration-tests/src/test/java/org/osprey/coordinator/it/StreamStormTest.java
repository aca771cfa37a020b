package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Row R11 of the fault table: a storm of streams that connect and leave, each second connection
 * without a word. {@code -Dfault.streams=5000} gives it its full strength.
 */
@Timeout(600)
class StreamStormTest {
  private static final int STREAMS = Integer.getInteger("fault.streams", 1_000);
  private static final int PER_CONNECTION = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void r11StreamsConnectAndLeave() {
    assumeTrue(ProcessFigures.available(), "no /proc, or no JDK");
    try (CoordinatorProcess coordinator = launch()) {
      storm(coordinator);
      ProcessFigures before = ProcessFigures.of(coordinator);
      Duration cpu = coordinator.cpu();
      long start = System.nanoTime();
      storm(coordinator);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Duration used = coordinator.cpu().minus(cpu);
      AtomicReference<ProcessFigures> after = new AtomicReference<>(before);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                after.set(ProcessFigures.of(coordinator));
                return after.get().areBackAt(before);
              });
      System.out.printf(
          "R11 streams=%d took_ms=%d cpu_ms=%d before=%s after=%s%n",
          STREAMS, took.toMillis(), used.toMillis(), figures(before), figures(after.get()));
      assertTrue(coordinator.isAlive());
    }
  }

  private static void storm(CoordinatorProcess coordinator) {
    List<ManagedChannel> connections = new ArrayList<>();
    List<RawWorker> workers = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      if (i % PER_CONNECTION == 0) {
        connections.add(connect(coordinator.workerPort()));
      }
      workers.add(RawWorker.connect(connections.getLast()));
    }
    awaitStreams(coordinator, STREAMS);
    for (int i = 0; i < connections.size(); i++) {
      if (i % 2 == 0) {
        connections.get(i).shutdownNow();
      } else {
        workers
            .subList(i * PER_CONNECTION, (i + 1) * PER_CONNECTION)
            .forEach(worker -> worker.disconnect(null));
      }
    }
    awaitStreams(coordinator, 0);
    connections.forEach(ManagedChannel::shutdownNow);
  }

  private static ManagedChannel connect(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  private static void awaitStreams(CoordinatorProcess coordinator, int streams) {
    String url = "http://127.0.0.1:" + coordinator.httpPort();
    await().atMost(PATIENCE).until(() -> Scrape.of(url).value("connected_streams") == streams);
  }

  private static String figures(ProcessFigures figures) {
    return "files:%d,threads:%d,heap_kib:%d"
        .formatted(figures.files(), figures.threads(), figures.heapBytes() >> 10);
  }

  private CoordinatorProcess launch() {
    String config =
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        database: {file: "%s"}
        startup: {warmUp: 0s}
        workers: {idleStream: 10m}
        """
            .formatted(folder.resolve("storm.db"));
    return new CoordinatorProcess.Setup(folder, config).start();
  }
}
