package org.osprey.coordinator.app;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.app.config.KafkaConfig;
import org.osprey.coordinator.app.config.RpcConfig;
import org.osprey.coordinator.app.config.SnowflakeConfig;
import org.osprey.coordinator.app.config.SourceType;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.LogDeadLetters;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.DeadLetterTopic;
import org.osprey.coordinator.kafka.KafkaDeadLetters;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.kafka.KafkaSource;
import org.osprey.coordinator.rpc.RpcSettings;
import org.osprey.coordinator.snowflake.LocalIds;
import org.osprey.coordinator.snowflake.SnowflakeIds;
import org.osprey.coordinator.snowflake.SnowflakeSettings;

/** Chooses and connects the parts that a configuration asks for. Does no I/O. */
public final class Composition {
  /** The drain time and twice this stay under the thirty seconds that Kubernetes gives. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final CoordinatorConfig config;
  private final Ticker ticker = Ticker.system();
  private final List<Component> components = new ArrayList<>();
  private final Map<String, Source> sources = new LinkedHashMap<>();

  private Composition(CoordinatorConfig config) {
    this.config = config;
  }

  public static Coordinator compose(CoordinatorConfig config) {
    return new Composition(config).coordinator();
  }

  private Coordinator coordinator() {
    IdGenerator ids = ids();
    MessageDecoder decoder =
        new ActionDecoder(ids, ActionNumbers.BUILT_IN.with(config.actions().numbers()));
    DeadLetters deadLetters =
        config.reads(SourceType.KAFKA) ? kafka(decoder) : new LogDeadLetters();
    return new Coordinator(
        new Parts(
            config.dispatcherSettings(),
            ports(),
            ids,
            decoder,
            deadLetters,
            null,
            sources,
            List.copyOf(components),
            null,
            config.shutdown().drain()));
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

  /** The source reads, and its neighbour topic keeps what could not be handled. */
  private DeadLetters kafka(MessageDecoder decoder) {
    KafkaSettings settings = settings(config.kafka());
    DeadLetterTopic deadLetters = new DeadLetterTopic(settings);
    components.add(deadLetters);
    DeadLetters letters = new KafkaDeadLetters(deadLetters);
    sources.put("kafka", new KafkaSource(settings, decoder, letters, ticker));
    return letters;
  }

  private KafkaSettings settings(KafkaConfig kafka) {
    return new KafkaSettings(
        kafka.bootstrapServers(),
        kafka.topic(),
        kafka.groupId(),
        kafka.deadLetterTopic(),
        KafkaSettings.Ordering.valueOf(kafka.ordering().name()),
        KafkaSettings.GroupProtocol.valueOf(kafka.groupProtocol().name()),
        kafka.maxInFlight(),
        kafka.maxInFlightBytes().bytes(),
        kafka.window(),
        config.queue().roomWait(),
        kafka.commitInterval(),
        kafka.commitBatch(),
        CLOSE_TIMEOUT,
        kafka.properties());
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
            Math.toIntExact(rpc.maxMessage().bytes()),
            Math.toIntExact(rpc.maxMetadata().bytes()),
            rpc.maxStreamsPerConnection(),
            Math.toIntExact(rpc.flowControlWindow().bytes()),
            rpc.keepAlive(),
            rpc.keepAliveTimeout(),
            rpc.permitKeepAlive(),
            rpc.handshakeTimeout(),
            rpc.maxResets(),
            rpc.maxResetsPeriod(),
            rpc.maxConnectionAge()));
  }
}
