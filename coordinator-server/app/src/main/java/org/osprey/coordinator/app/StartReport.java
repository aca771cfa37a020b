package org.osprey.coordinator.app;

import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.app.config.LoadedConfig;
import org.osprey.coordinator.app.config.SourceType;
import org.osprey.coordinator.app.config.TracingConfig;

/**
 * What a coordinator says of itself when it starts: what it takes actions from, where results and
 * dead letters go, who finds it, where ids come from, and which settings somebody changed.
 */
record StartReport(List<String> lines) {

  static StartReport of(LoadedConfig loaded) {
    CoordinatorConfig config = loaded.config();
    List<String> lines = new ArrayList<>();
    lines.add(
        "starting: version=%s java=%s processors=%d heap_mb=%d"
            .formatted(
                version(),
                Runtime.version().feature(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20));
    sources(config, lines);
    lines.add("results: " + results(config));
    lines.add("dead letters: " + deadLetters(config));
    lines.add("submissions: " + submissions(config));
    lines.add("discovery: " + discovery(config));
    lines.add("ids: " + ids(config));
    lines.add("tracing: " + tracing(config.tracing()));
    lines.add("metrics: " + metrics(config));
    loaded.changes().forEach(change -> lines.add("setting: " + change));
    return new StartReport(List.copyOf(lines));
  }

  private static void sources(CoordinatorConfig config, List<String> lines) {
    if (config.sources().isEmpty()) {
      lines.add("sources: none, callers only");
    }
    config.sources().forEach(source -> lines.add("source: " + source(source, config)));
  }

  private static String source(SourceType type, CoordinatorConfig config) {
    return switch (type) {
      case KAFKA ->
          "kafka bootstrap_servers=%s topic=%s group_id=%s"
              .formatted(
                  config.kafka().bootstrapServers(),
                  config.kafka().topic(),
                  config.kafka().groupId());
      case PUBSUB ->
          "pubsub project=%s subscription=%s"
              .formatted(config.pubsub().project(), config.pubsub().subscription());
      case NATS ->
          "nats servers=%s stream=%s consumer=%s"
              .formatted(
                  String.join(",", config.nats().servers()),
                  config.nats().stream(),
                  config.nats().durable());
      case NONE -> "none";
    };
  }

  private static String results(CoordinatorConfig config) {
    return switch (config.resultSink()) {
      case KAFKA -> "kafka topic=" + config.kafka().resultsTopic();
      case NATS -> "nats subject=" + config.nats().resultsSubject();
      case NONE, AUTO -> "not published";
    };
  }

  private static String deadLetters(CoordinatorConfig config) {
    return switch (config.deadLetterStore()) {
      case KAFKA -> "kafka topic=" + config.kafka().deadLetterTopic();
      case NATS -> "nats stream=" + config.nats().deadLetterStream();
      case DATABASE -> database(config);
      case LOG, AUTO -> "lost, but for a line in this log";
    };
  }

  private static String submissions(CoordinatorConfig config) {
    return switch (config.submissionStore()) {
      case KAFKA -> "kafka topic=" + config.kafka().topic();
      case NATS -> "nats stream=" + config.nats().stream();
      case DATABASE, AUTO -> database(config);
    };
  }

  private static String database(CoordinatorConfig config) {
    String url = config.database().url();
    return "database " + (url.isEmpty() ? config.database().file() : "database.url");
  }

  private static String discovery(CoordinatorConfig config) {
    return config.etcd().peers().isEmpty()
        ? "not announced"
        : "etcd peers=%s service=%s"
            .formatted(String.join(",", config.etcd().peers()), config.etcd().serviceName());
  }

  private static String ids(CoordinatorConfig config) {
    String endpoint = config.snowflake().endpoint();
    return endpoint.isEmpty() ? "made here" : "from " + endpoint;
  }

  private static String metrics(CoordinatorConfig config) {
    return switch (config.metrics().exporter()) {
      case NONE -> "asked for";
      case OTLP ->
          "asked for, and otlp endpoint=%s interval_ms=%d"
              .formatted(config.metricsEndpoint(), config.metrics().interval().toMillis());
    };
  }

  private static String tracing(TracingConfig tracing) {
    return switch (tracing.exporter()) {
      case NONE -> "off";
      case OTLP ->
          "otlp endpoint=%s sample_ratio=%s".formatted(tracing.endpoint(), tracing.sampleRatio());
      case LOG -> "log sample_ratio=" + tracing.sampleRatio();
    };
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
