package org.osprey.coordinator.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.core.DispatcherStats;

@Timeout(120)
class CoordinatorWarmUpTest {
  /** Of coordinators that other tests of this process have left running. */
  private final Set<Thread> others = Thread.getAllStackTraces().keySet();

  @TempDir private Path folder;

  @Test
  void nothingOfItShowsInTheCoordinator() throws IOException {
    try (Coordinator coordinator = coordinator("200ms")) {
      DispatcherStats before = coordinator.dispatcher().stats();
      assertTrue(coordinator.start());
      assertEquals(before, coordinator.dispatcher().stats());
      awaitNoThread("warm-up");
    }
    awaitNoThread("event-loop");
  }

  @Test
  void aCoordinatorThatIsClosedDoesNotStart() throws IOException {
    Coordinator coordinator = coordinator("1h");
    coordinator.close();
    assertFalse(coordinator.start());
  }

  @Test
  void aCoordinatorThatIsClosedWhileItWarmsUpStopsDoingSo() throws Exception {
    Coordinator coordinator = coordinator("1h");
    Thread closing =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  await().until(() -> hasThread("warm-up"));
                  coordinator.close();
                });
    closing.start();
    assertFalse(coordinator.start());
    closing.join();
  }

  private Coordinator coordinator(String warmUp) throws IOException {
    Path file = folder.resolve("coordinator.yaml");
    Files.writeString(
        file,
        """
        rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
        http: {bindAddress: 127.0.0.1, port: 0}
        deadLetters: {store: log}
        database: {file: "%s"}
        startup: {warmUp: %s}
        """
            .formatted(folder.resolve("coordinator.db"), warmUp));
    return Composition.compose(ConfigLoader.load(file, Map.of()).config());
  }

  private void awaitNoThread(String name) {
    await().atMost(Duration.ofMinutes(1)).until(() -> !hasThread(name));
  }

  private boolean hasThread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !others.contains(thread))
        .anyMatch(thread -> thread.getName().startsWith(name));
  }
}
