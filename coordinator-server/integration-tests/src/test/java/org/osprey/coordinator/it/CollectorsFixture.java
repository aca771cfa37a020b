package org.osprey.coordinator.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.osprey.coordinator.app.CollectorSource;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.collectors.config.CollectorsConfig;

/** A coordinator that has collectors, on free ports. */
final class CollectorsFixture implements AutoCloseable {
  private final Coordinator coordinator;

  /**
   * @param folder for the databases
   * @param collectors lines of that section
   */
  CollectorsFixture(Path folder, String natsUrl, String collectors) {
    this(folder, natsUrl, "", collectors);
  }

  /**
   * @param folder for the databases
   * @param orchestrator more lines of that section
   * @param collectors lines of that section
   */
  CollectorsFixture(Path folder, String natsUrl, String orchestrator, String collectors) {
    try {
      Path file =
          Files.writeString(
              folder.resolve("collectors.yaml"),
              settings(folder, natsUrl, orchestrator, collectors));
      CollectorsConfig config =
          Objects.requireNonNull(ConfigLoader.load(file, Map.of()).collectors());
      coordinator =
          Composition.compose(
              ConfigLoader.load(file, Map.of()).config(),
              new CollectorSource(
                  config, () -> ConfigLoader.reload(file, Map.of(), config.kinds())));
      coordinator.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String settings(
      Path folder, String natsUrl, String orchestrator, String collectors) {
    return """
    rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
    http: {bindAddress: 127.0.0.1, port: 0}
    startup: {warmUp: 0s}
    database: {file: "%s"}
    orchestrator:
      database: "%s"
      nats: {url: "%s", subject: "events.{collector}"}
    %scollectors:
    %s"""
        .formatted(
            folder.resolve("coordinator-of-collectors.db"),
            folder.resolve("collectors.db"),
            natsUrl,
            orchestrator.indent(2),
            collectors.indent(2));
  }

  int workerPort() {
    return coordinator.workerPort();
  }

  String url() {
    return "http://127.0.0.1:" + coordinator.httpPort();
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
