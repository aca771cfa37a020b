package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.nats.NatsServer;
import tools.jackson.databind.JsonNode;

/** Watches this machine; {@code -Dkernel.seconds=600} for ten minutes. */
@Timeout(1200)
class KernelCollectorTest {
  private static final Duration WATCHED =
      Duration.ofSeconds(Integer.getInteger("kernel.seconds", 5));
  private static final int PROCESSES = 10;

  @TempDir private Path folder;

  @Test
  void processesThatStartAndEndAreSeen() throws Exception {
    Set<Long> started = ConcurrentHashMap.newKeySet();
    Set<Long> exited = ConcurrentHashMap.newKeySet();
    try (NatsServer nats = NatsServer.start();
        EventStreams subscriber = new EventStreams(nats.url());
        CollectorsCoordinator coordinator =
            new CollectorsCoordinator(
                folder,
                "nats: {url: \"%s\", subject: \"events.{type}\"}%n".formatted(nats.url()),
                "kernel: {enabled: true}\n")) {
      Map<String, Set<Long>> seen =
          Map.of("kernel.process_started", started, "kernel.process_exited", exited);
      subscriber.follow(
          "events.>",
          body -> {
            JsonNode event = Json.read(new String(body, StandardCharsets.UTF_8));
            Set<Long> pids = seen.get(event.path("type").asString(""));
            if (pids != null) {
              pids.add(Long.parseLong(event.path("attributes").path("pid").asString("0")));
            }
          });
      await().until(() -> coordinator.figure("events_published_total", "kernel") > 0);
      Duration cpuBefore = coordinator.process().cpu();
      long from = System.nanoTime();
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        // They live for more than two polls of a second.
        processes.add(new ProcessBuilder("sleep", "6").start());
      }
      Set<Long> pids = processes.stream().map(Process::pid).collect(Collectors.toSet());
      await().until(() -> started.containsAll(pids));
      await().until(() -> exited.containsAll(pids));
      await()
          .atMost(WATCHED.plusMinutes(1))
          .until(() -> System.nanoTime() - from > WATCHED.toNanos());
      double cpu =
          coordinator.process().cpu().minus(cpuBefore).toNanos()
              / (double) (System.nanoTime() - from);
      System.out.printf(
          "collectors kernel seconds=%d started=%d exited=%d cpu=%.4f%n",
          Duration.ofNanos(System.nanoTime() - from).toSeconds(),
          started.size(),
          exited.size(),
          cpu);
    }
  }
}
