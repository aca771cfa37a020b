package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;

class ClientPropertiesTest {
  @Test
  void consumersCommitOnlyWhenTold() {
    Map<String, Object> properties =
        ClientProperties.consumer(
            settings(Map.of("enable.auto.commit", "true")), GroupProtocol.CONSUMER);

    assertEquals("false", properties.get("enable.auto.commit"));
    assertEquals("earliest", properties.get("auto.offset.reset"));
    assertEquals("group", properties.get("group.id"));
    assertEquals("consumer", properties.get("group.protocol"));
    assertFalse(properties.containsKey("partition.assignment.strategy"));
    assertEquals("osprey-coordinator", properties.get("client.id"));
  }

  @Test
  void classicConsumersRebalanceCooperatively() {
    Map<String, Object> properties =
        ClientProperties.consumer(settings(Map.of()), GroupProtocol.CLASSIC);

    assertEquals("classic", properties.get("group.protocol"));
    assertEquals(
        CooperativeStickyAssignor.class.getName(), properties.get("partition.assignment.strategy"));
  }

  @Test
  void operatorsMayChangeDefaults() {
    Map<String, String> own =
        Map.of("client.id", "mine", "auto.offset.reset", "latest", "max.poll.records", "7");

    Map<String, Object> consumer = ClientProperties.consumer(settings(own), GroupProtocol.CLASSIC);
    assertEquals("mine", consumer.get("client.id"));
    assertEquals("latest", consumer.get("auto.offset.reset"));
    assertEquals("7", consumer.get("max.poll.records"));

    Map<String, Object> producer =
        ClientProperties.producer(settings(own).cluster(), "dead-letters");
    assertEquals("mine-dead-letters", producer.get("client.id"));
    assertFalse(producer.containsKey("max.poll.records"));
  }

  @Test
  void producersLoseNothing() {
    Map<String, Object> properties =
        ClientProperties.producer(
            settings(Map.of("acks", "0", "sasl.mechanism", "PLAIN")).cluster(), "results");

    assertEquals("all", properties.get("acks"));
    assertEquals("true", properties.get("enable.idempotence"));
    assertEquals("PLAIN", properties.get("sasl.mechanism"));
  }

  @Test
  void readersBelongToNoGroup() {
    Map<String, String> own =
        Map.of("group.id", "g", "group.protocol", "consumer", "sasl.mechanism", "PLAIN");
    Map<String, Object> properties =
        ClientProperties.reader(settings(own).cluster(), "dead-letters-reader");

    assertFalse(properties.containsKey("group.id"));
    assertFalse(properties.containsKey("group.protocol"));
    assertEquals("PLAIN", properties.get("sasl.mechanism"));
    assertEquals("read_committed", properties.get("isolation.level"));
    assertEquals("osprey-coordinator-dead-letters-reader", properties.get("client.id"));
  }

  @Test
  void adminsAreToldOnlyWhatTheyKnow() {
    Map<String, String> own = Map.of("max.poll.records", "7", "sasl.mechanism", "PLAIN");
    Map<String, Object> properties = ClientProperties.admin(settings(own).cluster(), "admin");

    assertFalse(properties.containsKey("max.poll.records"));
    assertEquals("PLAIN", properties.get("sasl.mechanism"));
    assertEquals("host:9092", properties.get("bootstrap.servers"));
  }

  private static KafkaSettings settings(Map<String, String> properties) {
    return KafkaSettings.builder("host:9092", "actions", "group").properties(properties).build();
  }
}
