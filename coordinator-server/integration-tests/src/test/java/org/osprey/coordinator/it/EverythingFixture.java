package org.osprey.coordinator.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osprey.coordinator.app.CollectorSource;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.LoadedConfig;
import org.osprey.coordinator.collectors.config.CollectorsConfig;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.etcd.EtcdServer;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.metrics.OtlpReceiver;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.nats.TestNats;

/**
 * A coordinator that has every feature switched on, with the servers that they need; nobody is
 * there for Pub/Sub and for ids.
 */
final class EverythingFixture implements AutoCloseable {
  private final Deque<AutoCloseable> servers = new ArrayDeque<>();
  private final Coordinator coordinator;

  /**
   * @param folder for files of databases
   */
  EverythingFixture(Path folder) {
    try {
      Path file = Files.writeString(folder.resolve("everything.yaml"), settings(folder));
      LoadedConfig config = ConfigLoader.load(file, Map.of());
      CollectorsConfig collectors = Objects.requireNonNull(config.collectors());
      coordinator =
          Composition.compose(
              config.config(),
              new CollectorSource(
                  collectors, () -> ConfigLoader.reload(file, Map.of(), collectors.kinds())));
      servers.push(coordinator);
      coordinator.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<SupervisedLoop> loops() {
    return coordinator.watchedLoops();
  }

  /** Those that make it unready: all but the dashboards' own. */
  List<SupervisedLoop> neededLoops() {
    return coordinator.loops();
  }

  Scrape scrape() {
    return Scrape.of("http://127.0.0.1:" + coordinator.httpPort());
  }

  /** What is told to whoever sends traffic. */
  HttpResponse<String> readiness() {
    URI address = URI.create("http://127.0.0.1:" + coordinator.httpPort() + "/health/ready");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String settings(Path folder) throws IOException {
    String kafka = started(KafkaBroker.start(Map.of())).bootstrapServers();
    NatsServer nats = started(NatsServer.start());
    try (TestNats actions = new TestNats(nats.url())) {
      actions.createStream("actions");
    }
    return """
    sources: [kafka, nats, pubsub]
    rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
    http: {bindAddress: 127.0.0.1, port: 0}
    kafka: {bootstrapServers: "%s"}
    nats: {servers: ["%s"], stream: actions}
    pubsub: {emulatorHost: "127.0.0.1:1", project: some-project, subscription: some-subscription}
    results: {sink: kafka}
    deadLetters: {store: nats}
    submissions: {store: database}
    database: {url: "%s"}
    etcd: {peers: ["%s"]}
    snowflake: {endpoint: "http://127.0.0.1:1"}
    tasks:
      enabled: true
      kafka: {enabled: true, bootstrapServers: "%s"}
    streams: {enabled: true, natsServers: ["%s"]}
    tracing: {exporter: otlp, endpoint: "%s"}
    metrics: {exporter: otlp}
    access:
      anonymous: [viewer]
      identities: {ops: {roles: operator, tokenFile: "%s"}}
      jwt: {jwksUri: "%s", issuer: some-issuer, audience: some-audience}
    startup: {warmUp: 0s}
    shutdown: {drain: 1s}
    orchestrator:
      database: "%s"
      nats: {url: "%s", subject: "events.{collector}"}
    collectors:
      some: {enabled: true, kind: generator, config: {rate: 10}}
    """
        .formatted(
            kafka,
            nats.url(),
            started(PostgresServer.start()).newDatabase(),
            started(EtcdServer.startWithV2()).url(),
            kafka,
            nats.url(),
            started(new OtlpReceiver()).endpoint(),
            Files.writeString(folder.resolve("tokens"), "a-token-of-operators"),
            Files.writeString(folder.resolve("keys"), "{\"keys\":[]}").toUri(),
            folder.resolve("collectors.db"),
            nats.url());
  }

  private <T extends AutoCloseable> T started(T server) {
    servers.push(server);
    return server;
  }

  @Override
  public void close() {
    while (!servers.isEmpty()) {
      try {
        servers.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a server did not close", e);
      }
    }
  }
}
