package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.kafka.KafkaSettings.Ordering;

class OrderingKeyTest {
  private static final byte[] A = {(byte) 0xff, 0};
  private static final byte[] B = {(byte) 0xfe, 0};

  @Test
  void noneIsNoKey() {
    assertNull(OrderingKey.of(Ordering.NONE, record(1, A)));
  }

  @Test
  void keysThatAreNoTextStayDifferent() {
    assertEquals(
        OrderingKey.of(Ordering.KEY, record(1, A)), OrderingKey.of(Ordering.KEY, record(2, A)));
    assertNotEquals(
        OrderingKey.of(Ordering.KEY, record(1, A)), OrderingKey.of(Ordering.KEY, record(1, B)));
  }

  @Test
  void recordsWithoutAKeyHaveNoOrder() {
    assertNull(OrderingKey.of(Ordering.KEY, record(1, null)));
  }

  @Test
  void partitionsAreAnOrderOfTheirOwn() {
    assertEquals("topic-1", OrderingKey.of(Ordering.PARTITION, record(1, A)));
    assertEquals("topic-2", OrderingKey.of(Ordering.PARTITION, record(2, null)));
  }

  @SuppressWarnings("NullAway") // Kafka's constructor does not say that a key may be missing
  private static ConsumerRecord<byte[], byte[]> record(int partition, byte @Nullable [] key) {
    return new ConsumerRecord<>("topic", partition, 0, key, new byte[0]);
  }
}
