package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;

class ConsumersTest {
  private final List<GroupProtocol> made = new ArrayList<>();

  @Test
  void autoGoesBackToClassicOnce() {
    Consumers consumers = new Consumers(GroupProtocol.AUTO, this::make);
    make(consumers);

    assertFalse(consumers.fallBack(new TimeoutException("slow")));
    assertTrue(consumers.fallBack(new KafkaException("x", new UnsupportedVersionException("old"))));
    make(consumers);
    assertFalse(consumers.fallBack(new UnsupportedVersionException("old")));
    assertEquals(List.of(GroupProtocol.CONSUMER, GroupProtocol.CLASSIC), made);
  }

  @Test
  void aBrokerWithoutAnAddressIsNotAboutTheProtocol() {
    Consumers consumers = new Consumers(GroupProtocol.AUTO, this::make);

    assertFalse(consumers.fallBack(new ConfigException("No resolvable bootstrap urls given")));
    assertTrue(
        consumers.fallBack(
            new ConfigException("session.timeout.ms cannot be set when group.protocol=CONSUMER")));
  }

  @Test
  void aFixedProtocolStays() {
    Consumers consumers = new Consumers(GroupProtocol.CONSUMER, this::make);

    assertFalse(consumers.fallBack(new UnsupportedVersionException("old")));
    make(consumers);
    assertEquals(List.of(GroupProtocol.CONSUMER), made);
  }

  private static void make(Consumers consumers) {
    consumers.create().close();
  }

  private Consumer<byte[], byte[]> make(GroupProtocol protocol) {
    made.add(protocol);
    return new MockConsumer<>("earliest");
  }
}
