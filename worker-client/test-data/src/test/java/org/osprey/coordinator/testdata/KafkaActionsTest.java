package org.osprey.coordinator.testdata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.codec.MessageDecoder.Attributes;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.kafka.TestKafka;

/** Against a real broker. */
class KafkaActionsTest {
  private static final String TOPIC = "osprey.actions_input";

  private static KafkaBroker broker;
  private static TestKafka kafka;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start(Map.of("auto.create.topics.enable", "false"));
    kafka = new TestKafka(broker.bootstrapServers());
  }

  @AfterAll
  static void stop() {
    kafka.close();
    broker.close();
  }

  @Test
  void makesTheTopicAndFillsIt() throws Exception {
    assertEquals(0, makeTopic("3").status());
    assertEquals(0, makeTopic("1").status());
    // The broker may not know yet what its controller does.
    await().ignoreExceptions().until(() -> kafka.readAll(TOPIC).isEmpty());
    kafka.produceIds(TOPIC, 3, 0, 3);
    try (Program program = Program.start("kafka", variables("TEST_DATA_RATE", "100"))) {
      await().until(() -> kafka.readAll(TOPIC).size() >= 13);
      program.stop();
      assertEquals(0, program.status());
      assertEquals("", program.errors());
    }
    Set<Long> ids = new HashSet<>();
    List<ConsumerRecord<byte[], byte[]>> records =
        kafka.readAll(TOPIC).stream().filter(record -> record.value()[0] == '{').toList();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      ids.add(id(record));
    }
    assertTrue(ids.size() >= 10);
    assertEquals(records.size(), ids.size());
  }

  @Test
  void aBadTopicIsSaid() throws Exception {
    Program program =
        Program.ended(
            List.of("topic"), variables("OSPREY_KAFKA_INPUT_STREAM_TOPIC", "no topic at all"));
    assertEquals(1, program.status());
    assertTrue(program.errors().startsWith("cannot make the topic: kafka "), program::errors);
    assertEquals(1, program.errors().lines().count());
  }

  private static Program makeTopic(String partitions) {
    return Program.ended(List.of("topic"), variables("TEST_DATA_PARTITIONS", partitions));
  }

  private static Map<String, String> variables(String name, String value) {
    return Map.of("OSPREY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(), name, value);
  }

  private static long id(ConsumerRecord<byte[], byte[]> record) throws Exception {
    ActionDecoder decoder = new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);
    assertTrue(new String(record.value(), UTF_8).startsWith("{\"send_time\":"));
    return decoder.decode(record.value(), Attributes.NONE, Instant.EPOCH).id();
  }
}
