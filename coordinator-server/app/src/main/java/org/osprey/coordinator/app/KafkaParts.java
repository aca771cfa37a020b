package org.osprey.coordinator.app;

import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.app.config.KafkaConfig;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.DeadLetterTopic;
import org.osprey.coordinator.kafka.KafkaDeadLetters;
import org.osprey.coordinator.kafka.KafkaResultSettings;
import org.osprey.coordinator.kafka.KafkaResultSink;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.kafka.KafkaSource;
import org.osprey.coordinator.kafka.KafkaSubmissions;

/** What can be had from Kafka; each part adds what has to be started to the components. */
final class KafkaParts {
  private final KafkaConfig config;
  private final Duration roomWait;
  private final List<Component> components;

  KafkaParts(KafkaConfig config, Duration roomWait, List<Component> components) {
    this.config = config;
    this.roomWait = roomWait;
    this.components = components;
  }

  Source source(MessageDecoder decoder, DeadLetters deadLetters, Ticker ticker) {
    return new KafkaSource(settings(), decoder, deadLetters, ticker);
  }

  Submissions submissions() {
    KafkaSubmissions submissions = new KafkaSubmissions(settings());
    components.add(submissions);
    return submissions;
  }

  DeadLetters deadLetters() {
    DeadLetterTopic topic = new DeadLetterTopic(settings());
    components.add(topic);
    return new KafkaDeadLetters(topic);
  }

  ResultSink sink(boolean includeVerdicts) {
    KafkaResultSink sink =
        new KafkaResultSink(
            new KafkaResultSettings(
                config.bootstrapServers(),
                config.resultsTopic(),
                includeVerdicts,
                Composition.CLOSE_TIMEOUT,
                config.properties()));
    components.add(sink);
    return sink;
  }

  private KafkaSettings settings() {
    return new KafkaSettings(
        "kafka",
        config.bootstrapServers(),
        config.topic(),
        config.groupId(),
        config.deadLetterTopic(),
        KafkaSettings.Ordering.valueOf(config.ordering().name()),
        KafkaSettings.GroupProtocol.valueOf(config.groupProtocol().name()),
        config.maxInFlight(),
        config.maxInFlightBytes().bytes(),
        config.window(),
        roomWait,
        config.commitInterval(),
        config.commitBatch(),
        Composition.CLOSE_TIMEOUT,
        config.properties());
  }
}
