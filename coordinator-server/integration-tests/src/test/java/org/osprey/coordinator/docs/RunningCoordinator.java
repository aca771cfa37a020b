package org.osprey.coordinator.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/** A coordinator with what it can have without other servers, and a worker that acks. */
final class RunningCoordinator implements AutoCloseable {
  private final SampleServices services;
  private final Coordinator coordinator;
  private final StreamWorker worker;

  /**
   * @param folder for the databases
   */
  RunningCoordinator(Path folder) throws IOException {
    services = new SampleServices(0, SampleService.Behaviour.QUICK);
    Path file = Files.writeString(folder.resolve("running.yaml"), settings(folder));
    coordinator = Composition.compose(ConfigLoader.load(file, Map.of()).config());
    coordinator.start();
    worker =
        StreamWorker.builder()
            .target("127.0.0.1:" + coordinator.workerPort())
            .streams(2)
            .drainTimeout(Duration.ofSeconds(1))
            .handler(action -> Answer.verdicts("seen"))
            .build();
    worker.start();
  }

  private String settings(Path folder) {
    StringBuilder settings =
        new StringBuilder(
            """
            rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
            http: {bindAddress: 127.0.0.1, port: 0}
            database: {file: "%s"}
            startup: {warmUp: 0s}
            shutdown: {drain: 2s}
            streams: {enabled: true, grace: 5m}
            tasks:
              enabled: true
              services:
            """
                .formatted(folder.resolve("running.db")));
    for (SampleService service : services.list()) {
      settings.append("    %s: %s%n".formatted(service.name(), service.url()));
    }
    return settings.toString();
  }

  int workerPort() {
    return coordinator.workerPort();
  }

  int syncPort() {
    return coordinator.syncPort();
  }

  int httpPort() {
    return coordinator.httpPort();
  }

  /** Of the first of the sample services. */
  int servicePort() {
    return services.list().getFirst().url().getPort();
  }

  @Override
  public void close() {
    worker.close();
    coordinator.close();
    services.close();
  }
}
