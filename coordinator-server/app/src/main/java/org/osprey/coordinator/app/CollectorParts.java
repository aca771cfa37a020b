package org.osprey.coordinator.app;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.config.NatsConfig;
import org.osprey.coordinator.collectors.config.OrchestratorConfig;
import org.osprey.coordinator.collectors.config.OrchestratorConfig.Login;
import org.osprey.coordinator.collectors.flow.ActionPublisher;
import org.osprey.coordinator.collectors.flow.Flow;
import org.osprey.coordinator.collectors.gateway.CollectorMetrics;
import org.osprey.coordinator.collectors.gateway.CollectorRoutes;
import org.osprey.coordinator.collectors.lifecycle.Collectors;
import org.osprey.coordinator.collectors.nats.JetStreamMode;
import org.osprey.coordinator.collectors.nats.NatsPublisher;
import org.osprey.coordinator.collectors.nats.NatsPublisherSettings;
import org.osprey.coordinator.collectors.store.DatabasePositions;
import org.osprey.coordinator.collectors.store.DatabaseSpill;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.nats.NatsConnectionSettings;

/** Collectors; the parts add themselves to the components. */
final class CollectorParts {
  /** Until a disk that does not take events shows as such. */
  private static final Duration SPILL_TIMEOUT = Duration.ofSeconds(5);

  private final OrchestratorConfig shared;
  private final NatsPublisher publisher;
  private final Flow flow;
  private final Collectors collectors;

  /**
   * @param submissions take what is routed to the queue of actions
   */
  CollectorParts(
      CollectorSource source,
      Submissions submissions,
      IdGenerator ids,
      Ticker ticker,
      List<Component> components) {
    shared = source.initial().orchestrator();
    Database file = new Database(file(), List.of(DatabaseSpill.FEATURE), ticker, new Random());
    DatabasePositions positions = new DatabasePositions(file, ticker);
    publisher =
        new NatsPublisher(
            publishing(), ticker, new Random(), () -> ThreadLocalRandom.current().nextDouble());
    ActionPublisher actions =
        new ActionPublisher(submissions, ids, ticker, InstantSource.system(), new Random());
    flow =
        new Flow(
            source.initial().flow(),
            publisher,
            actions,
            new DatabaseSpill(file, ticker),
            ticker,
            InstantSource.system(),
            new Random());
    collectors =
        new Collectors(
            source.initial(),
            flow,
            positions,
            source.again(),
            ticker,
            InstantSource.system(),
            new Random());
    components.addAll(List.of(file, positions, publisher, actions, flow, collectors));
  }

  HttpRoutes routes() {
    return new CollectorRoutes(collectors);
  }

  Measured figures() {
    return new CollectorMetrics(
        collectors, () -> publisher.stats().publishErrors(), flow::processing, flow::emitToPublish);
  }

  /** Of this coordinator alone: what is spilled stays on its host. */
  private DatabaseSettings file() {
    return DatabaseSettings.builder()
        .file(Path.of(shared.database()))
        .writeTimeout(SPILL_TIMEOUT)
        .closeTimeout(Composition.CLOSE_TIMEOUT)
        .build();
  }

  private NatsPublisherSettings publishing() {
    NatsConfig nats = shared.nats();
    NatsConnectionSettings connection =
        NatsConnectionSettings.of(nats.url().toArray(String[]::new));
    Login login = shared.login();
    return new NatsPublisherSettings(
        login == null ? connection : with(login, connection),
        mode(nats.jetstream()),
        nats.maxReconnects());
  }

  private static NatsConnectionSettings with(Login login, NatsConnectionSettings connection) {
    @Nullable String token = Unset.text(login.token());
    return token == null
        ? connection.withUser(login.user(), login.password())
        : connection.withToken(token);
  }

  private static JetStreamMode mode(NatsConfig.JetStream jetstream) {
    return switch (jetstream) {
      case AUTO -> JetStreamMode.AUTO;
      case ON -> JetStreamMode.ON;
      case OFF -> JetStreamMode.OFF;
    };
  }
}
