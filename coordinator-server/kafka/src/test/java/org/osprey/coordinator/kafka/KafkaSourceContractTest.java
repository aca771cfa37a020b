package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.contract.SourceContract;
import org.osprey.coordinator.contract.SourceRig;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.KafkaSettings.Ordering;

class KafkaSourceContractTest implements SourceContract {
  @Override
  public SourceRig rig() {
    String topic = SharedBroker.name();
    SharedBroker.kafka().createTopic(topic, 1);
    return new Rig(topic);
  }

  private record Rig(String topic) implements SourceRig {
    @Override
    public Source source(DeadLetters deadLetters) {
      return source(topic, deadLetters);
    }

    @Override
    public Source misdirected(DeadLetters deadLetters) {
      return source(topic + "-missing", deadLetters);
    }

    @Override
    public String misdirectedSetting() {
      return "kafka.topic=" + topic + "-missing";
    }

    @Override
    public void send(byte[] data, String key, Map<String, String> attributes) {
      byte[] recordKey = key.isEmpty() ? null : key.getBytes(UTF_8);
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, recordKey, data);
      attributes.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
      SharedBroker.kafka().produce(record);
    }

    @Override
    public void close() {}

    private static Source source(String topic, DeadLetters deadLetters) {
      KafkaSettings settings =
          KafkaSettings.builder(SharedBroker.broker().bootstrapServers(), topic, topic)
              .ordering(Ordering.KEY)
              .commitInterval(Duration.ofMillis(100))
              .build();
      ActionDecoder decoder = new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);
      return new KafkaSource(settings, decoder, deadLetters, Ticker.system());
    }
  }
}
