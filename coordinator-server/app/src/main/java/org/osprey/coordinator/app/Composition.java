package org.osprey.coordinator.app;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.app.config.HttpConfig;
import org.osprey.coordinator.app.config.RpcConfig;
import org.osprey.coordinator.app.config.SnowflakeConfig;
import org.osprey.coordinator.app.config.SourceType;
import org.osprey.coordinator.app.config.TasksConfig;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.LogDeadLetters;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSource;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.HttpSettings;
import org.osprey.coordinator.rpc.RpcSettings;
import org.osprey.coordinator.snowflake.LocalIds;
import org.osprey.coordinator.snowflake.SnowflakeIds;
import org.osprey.coordinator.snowflake.SnowflakeSettings;
import org.osprey.coordinator.streams.store.DatabaseSnapshots;
import org.osprey.coordinator.tasks.TaskRoutes;
import org.osprey.coordinator.tasks.Tasks;
import org.osprey.coordinator.tasks.WorkerPool;

/** Chooses and connects the parts that a configuration asks for. Does no I/O. */
public final class Composition {
  /** The drain time and twice this stay under the thirty seconds that Kubernetes gives. */
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final CoordinatorConfig config;
  private final @Nullable CollectorSource collectors;
  private final Ticker ticker = Ticker.system();
  private final List<Component> components = new ArrayList<>();
  private final IdGenerator ids;
  private final MessageDecoder decoder;
  private @Nullable NatsParts nats;
  private @Nullable DatabaseParts database;

  private Composition(CoordinatorConfig config, @Nullable CollectorSource collectors) {
    this.config = config;
    this.collectors = collectors;
    ids = ids();
    decoder = new ActionDecoder(ids, ActionNumbers.BUILT_IN.with(config.actions().numbers()));
  }

  /**
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  public static Coordinator compose(CoordinatorConfig config) {
    return compose(config, null);
  }

  /**
   * @param collectors null for none
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  public static Coordinator compose(
      CoordinatorConfig config, @Nullable CollectorSource collectors) {
    return new Composition(config, collectors).coordinator();
  }

  private Coordinator coordinator() {
    Guards guards = SecurityParts.guards(config, ticker, components);
    Tracer tracer = TracingParts.tracer(config.tracing(), ticker, components);
    MetricsParts.add(config, ticker, components);
    DeadLetters deadLetters = deadLetters();
    ResultSink sink = sink();
    Map<String, Source> sources = new LinkedHashMap<>();
    Submissions submissions = submissions(deadLetters, sources);
    List<HttpRoutes> routes = new ArrayList<>();
    if (config.tasks().enabled()) {
      Tasks tasks = tasks(deadLetters);
      routes.add(new TaskRoutes(tasks, config.http().maxWatchers()));
      Source workers = tasks.workers();
      if (workers != null) {
        sources.put(WorkerPool.NAME, workers);
      }
    }
    if (config.streams().enabled()) {
      routes.add(streams(submissions));
    }
    routes.add(ReplicaSetParts.routes(config));
    List<Measured> figures = new ArrayList<>(List.of(PatientAppender::tell));
    if (collectors != null) {
      CollectorParts parts = new CollectorParts(collectors, submissions, ids, ticker, components);
      routes.add(parts.routes());
      figures.add(parts.figures());
    }
    for (SourceType type : config.sources()) {
      sources.put(type.name().toLowerCase(Locale.ROOT), source(type, deadLetters));
    }
    return new Coordinator(
        new Parts(
            config.dispatcherSettings(),
            ports(),
            http(),
            guards,
            ids,
            decoder,
            deadLetters,
            sink,
            submissions,
            sources,
            List.copyOf(components),
            config.etcd().peers().isEmpty() ? null : EtcdParts.discovery(config.etcd(), ticker),
            config.startup().warmUp(),
            config.shutdown().drain(),
            tracer,
            routes,
            figures));
  }

  private Source source(SourceType type, DeadLetters deadLetters) {
    Duration roomWait = config.queue().roomWait();
    return switch (type) {
      case KAFKA -> kafka().source(decoder, deadLetters, ticker);
      case PUBSUB -> PubsubParts.source(config.pubsub(), roomWait, decoder, deadLetters, ticker);
      case NATS -> nats().source(decoder, ids, deadLetters);
      case NONE -> throw new IllegalArgumentException("no source");
    };
  }

  private @Nullable ResultSink sink() {
    boolean includeVerdicts = config.results().includeVerdicts();
    return switch (config.resultSink()) {
      case KAFKA -> kafka().sink(includeVerdicts);
      case NATS -> nats().sink(includeVerdicts);
      case NONE, AUTO -> null;
    };
  }

  private DeadLetters deadLetters() {
    return switch (config.deadLetterStore()) {
      case KAFKA -> kafka().deadLetters();
      case NATS -> nats().deadLetters(decoder);
      case DATABASE -> database().deadLetters();
      case LOG, AUTO -> new LogDeadLetters();
    };
  }

  /**
   * @param sources get the one that reads them, if that is one of its own
   */
  private Submissions submissions(DeadLetters deadLetters, Map<String, Source> sources) {
    return switch (config.submissionStore()) {
      case KAFKA -> kafka().submissions();
      case NATS -> nats().submissions();
      case DATABASE, AUTO -> {
        DatabaseSource source = database().source(config.submissions(), deadLetters);
        sources.put(DatabaseSource.NAME, source);
        yield source.submissions();
      }
    };
  }

  private Tasks tasks(DeadLetters deadLetters) {
    TasksConfig tasks = config.tasks();
    // It stands before what uses it among the components.
    DatabaseParts database = database();
    if (!tasks.kafka().enabled()) {
      return database.tasks(tasks, null);
    }
    TaskTopicParts topic =
        new TaskTopicParts(tasks.kafka(), config.queue().roomWait(), ticker, components);
    return topic.consumed(database.tasks(tasks, topic.published()), deadLetters);
  }

  private HttpRoutes streams(Submissions submissions) {
    // It stands before what uses it among the components.
    Database shared = database().database();
    StreamParts parts = new StreamParts(config.streams(), shared, ticker, components);
    if (config.streams().natsServers().isEmpty()) {
      return parts.inMemory(submissions);
    }
    return parts.over(natsForStreams().streams(), submissions);
  }

  /** The connection that others have too, where it leads to the same servers. */
  private NatsParts natsForStreams() {
    List<String> servers = config.streams().natsServers();
    return servers.equals(config.nats().servers())
        ? nats()
        : new NatsParts(
            config.nats().withServers(servers), config.queue().roomWait(), ticker, components);
  }

  private KafkaParts kafka() {
    return new KafkaParts(config.kafka(), config.queue().roomWait(), components);
  }

  /** One for all that is kept in it, and none when nothing is. */
  private DatabaseParts database() {
    if (database == null) {
      List<String> features = new ArrayList<>();
      if (config.tasks().enabled()) {
        features.add(Tasks.FEATURE);
      }
      if (config.streams().enabled()) {
        features.add(DatabaseSnapshots.FEATURE);
      }
      database = new DatabaseParts(config.database(), features, ticker, components);
    }
    return database;
  }

  /** All of it shares one connection. */
  private NatsParts nats() {
    if (nats == null) {
      nats = new NatsParts(config.nats(), config.queue().roomWait(), ticker, components);
    }
    return nats;
  }

  private HttpSettings http() {
    HttpConfig http = config.http();
    return new HttpSettings(
        http.port(),
        http.bindAddress(),
        Math.toIntExact(http.maxBody().bytes()),
        http.maxConnections(),
        http.idleTimeout(),
        http.maxWatchers(),
        config.leases().time());
  }

  private IdGenerator ids() {
    SnowflakeConfig snowflake = config.snowflake();
    LocalIds local =
        new LocalIds(System::currentTimeMillis, snowflake.dataCenterId(), snowflake.workerId());
    if (snowflake.endpoint().isEmpty()) {
      return local;
    }
    SnowflakeSettings usual = SnowflakeSettings.of(URI.create(snowflake.endpoint()));
    SnowflakeSettings settings =
        new SnowflakeSettings(
            usual.endpoint(),
            snowflake.batch(),
            snowflake.lowWater(),
            snowflake.timeout(),
            usual.backoff(),
            usual.maxBackoff());
    SnowflakeIds service =
        new SnowflakeIds(settings, local, ticker, () -> ThreadLocalRandom.current().nextDouble());
    components.add(service);
    return service;
  }

  private RpcSettings ports() {
    RpcConfig rpc = config.rpc();
    return new RpcSettings(
        rpc.bindAddress(),
        rpc.workerPort(),
        rpc.syncPort(),
        rpc.eventLoops(),
        rpc.maxCredits(),
        config.leases().time(),
        rpc.legacyStatusCodes(),
        new RpcSettings.Limits(
            rpc.maxConnections(),
            Math.toIntExact(rpc.maxMessage().bytes()),
            Math.toIntExact(rpc.maxReceiving().bytes()),
            Math.toIntExact(rpc.maxMetadata().bytes()),
            rpc.maxStreamsPerConnection(),
            Math.toIntExact(rpc.flowControlWindow().bytes()),
            rpc.keepAlive(),
            rpc.keepAliveTimeout(),
            rpc.permitKeepAlive(),
            rpc.handshakeTimeout(),
            rpc.maxResets(),
            rpc.maxResetsPeriod(),
            rpc.maxConnectionAge(),
            rpc.maxConnectionIdle()));
  }
}
