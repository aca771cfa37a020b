package org.osprey.coordinator.app.config;

import java.util.List;
import java.util.Map;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/**
 * Every setting of a coordinator. What each means, with its default, is in
 * coordinator-default.yaml.
 *
 * @param sources without {@link SourceType#NONE}, each once; empty means callers only
 */
public record CoordinatorConfig(
    @Variable("OSPREY_COORDINATOR_CONSUMER_TYPE") List<SourceType> sources,
    RpcConfig rpc,
    HttpConfig http,
    PortsTlsConfig tls,
    AccessConfig access,
    QueueConfig queue,
    LeasesConfig leases,
    RetriesConfig retries,
    WorkersConfig workers,
    ResultsConfig results,
    DeadLettersConfig deadLetters,
    SubmissionsConfig submissions,
    IdempotencyConfig idempotency,
    KafkaConfig kafka,
    PubsubConfig pubsub,
    NatsConfig nats,
    DatabaseConfig database,
    EtcdConfig etcd,
    SnowflakeConfig snowflake,
    ActionsConfig actions,
    TasksConfig tasks,
    StreamsConfig streams,
    ReplicaSetsConfig replicaSets,
    TracingConfig tracing,
    MetricsConfig metrics,
    LoggingConfig logging,
    StartupConfig startup,
    ShutdownConfig shutdown) {

  public CoordinatorConfig {
    Rules rules = new Rules();
    if (sources.contains(SourceType.PUBSUB)) {
      rules
          .notBlank(pubsub.project(), "pubsub", "project")
          .notBlank(pubsub.subscription(), "pubsub", "subscription");
    }
    if (metrics.exporter() == MetricsConfig.Exporter.OTLP && metrics.endpoint().isEmpty()) {
      rules.that(
          OtlpEndpoint.is(tracing.endpoint()),
          tracing.endpoint(),
          OtlpEndpoint.WANTED + ", where metrics are to go too",
          "tracing",
          "endpoint");
    }
    rules.check();
    sources = sources.stream().filter(type -> type != SourceType.NONE).distinct().toList();
  }

  /** What applies when nothing is set. */
  public static CoordinatorConfig defaults() {
    return ConfigLoader.load(Map.of()).config();
  }

  public boolean reads(SourceType source) {
    return sources.contains(source);
  }

  /** Where results go; never {@code AUTO}. */
  public ResultsConfig.Sink resultSink() {
    if (results.sink() != ResultsConfig.Sink.AUTO) {
      return results.sink();
    }
    return besideSource(ResultsConfig.Sink.KAFKA, ResultsConfig.Sink.NATS, ResultsConfig.Sink.NONE);
  }

  /** Where dead letters go; never {@code AUTO}. */
  public DeadLettersConfig.Store deadLetterStore() {
    if (deadLetters.store() != DeadLettersConfig.Store.AUTO) {
      return deadLetters.store();
    }
    return besideSource(
        DeadLettersConfig.Store.KAFKA,
        DeadLettersConfig.Store.NATS,
        DeadLettersConfig.Store.DATABASE);
  }

  /** Where submitted actions are kept; never {@code AUTO}. */
  public SubmissionsConfig.Store submissionStore() {
    if (submissions.store() != SubmissionsConfig.Store.AUTO) {
      return submissions.store();
    }
    return besideSource(
        SubmissionsConfig.Store.KAFKA,
        SubmissionsConfig.Store.NATS,
        SubmissionsConfig.Store.DATABASE);
  }

  /** Base address of the receiver of metrics. */
  public String metricsEndpoint() {
    return metrics.endpoint().isEmpty() ? tracing.endpoint() : metrics.endpoint();
  }

  /** People look for things where their actions come from. */
  private <T> T besideSource(T kafka, T nats, T otherwise) {
    if (reads(SourceType.KAFKA)) {
      return kafka;
    }
    return reads(SourceType.NATS) ? nats : otherwise;
  }

  public DispatcherSettings dispatcherSettings() {
    return new DispatcherSettings(
        queue.sync().bounds(),
        queue.async().bounds(),
        leases.settings(),
        retries.settings(),
        queue.agedAfter(),
        queue.agedShare(),
        workers.idleStream(),
        idempotency.settings());
  }
}
