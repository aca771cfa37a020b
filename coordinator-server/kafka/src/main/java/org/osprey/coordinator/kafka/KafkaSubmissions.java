package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.osprey.coordinator.codec.ActionEncoder;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;

/**
 * Writes actions to the topic that {@link KafkaSource} reads. They have no key, so they go to any
 * partition and wait for no other. Safe for use by many threads.
 */
public final class KafkaSubmissions implements Submissions, Component, Supervised {
  static final String NOT_BEFORE = "not-before";
  static final String ENCODING = "encoding";

  private final String topic;
  private final KafkaPublisher publisher;

  public KafkaSubmissions(KafkaSettings settings) {
    topic = settings.topic();
    publisher = new KafkaPublisher(settings, "submissions");
  }

  @Override
  public void start() {
    publisher.start();
  }

  @Override
  public CompletionStage<Void> submit(Action action) {
    return publisher.publish(() -> toRecord(action));
  }

  @Override
  public Check check() {
    return publisher.check();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return publisher.loops();
  }

  /** Writes what it can within {@link KafkaSettings#closeTimeout}. */
  @Override
  public void close() {
    publisher.close();
  }

  /** The time of the record is when it is written: topics may refuse what is far from that. */
  private ProducerRecord<byte[], byte[]> toRecord(Action action) {
    byte[] value = ActionEncoder.encodeWithTime(action);
    return new ProducerRecord<>(topic, null, (byte[]) null, value, headers(action));
  }

  private static List<Header> headers(Action action) {
    Instant notBefore = action.notBefore();
    return switch (action.encoding()) {
      case JSON -> notBefore == null ? List.of() : List.of(header(NOT_BEFORE, notBefore));
      case PROTO ->
          notBefore == null
              ? List.of(header(ENCODING, "proto"))
              : List.of(header(ENCODING, "proto"), header(NOT_BEFORE, notBefore));
    };
  }

  private static Header header(String name, Object value) {
    return new RecordHeader(name, value.toString().getBytes(UTF_8));
  }
}
