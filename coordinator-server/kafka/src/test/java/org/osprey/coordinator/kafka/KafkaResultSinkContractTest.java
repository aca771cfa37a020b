package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.osprey.coordinator.contract.ResultSinkContract;
import org.osprey.coordinator.contract.ResultSinkRig;
import org.osprey.coordinator.core.ResultSink;

class KafkaResultSinkContractTest implements ResultSinkContract {
  private static final int LARGEST = 10_000;

  @Override
  public ResultSinkRig rig() {
    String topic = SharedBroker.name();
    SharedBroker.kafka()
        .createTopic(topic, 3, Map.of("max.message.bytes", Integer.toString(LARGEST)));
    KafkaResultSink sink =
        new KafkaResultSink(
            new KafkaResultSettings(
                SharedBroker.broker().bootstrapServers(),
                topic,
                true,
                Duration.ofSeconds(3),
                Map.of()));
    sink.start();
    return new Rig(topic, sink);
  }

  private record Rig(String topic, KafkaResultSink kafkaSink) implements ResultSinkRig {
    @Override
    public ResultSink sink() {
      return kafkaSink;
    }

    @Override
    public int tooLarge() {
      return LARGEST + 1;
    }

    @Override
    public List<PublishedResult> read(int count, Duration atMost) {
      try {
        return await()
            .atMost(atMost)
            .until(
                () ->
                    SharedBroker.kafka().read(topic, count).stream()
                        .map(found -> new PublishedResult(text(found.key()), found.value()))
                        .toList(),
                results -> results.size() >= count);
      } catch (ConditionTimeoutException e) {
        throw new AssertionError("less than " + count + " results in " + topic, e);
      }
    }

    @Override
    public void close() {
      kafkaSink.close();
    }

    private static String text(byte[] key) {
      return new String(key, UTF_8);
    }
  }
}
