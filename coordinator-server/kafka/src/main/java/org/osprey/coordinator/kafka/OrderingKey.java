package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.kafka.KafkaSettings.Ordering;

/** Tells which records must go one after the other. */
final class OrderingKey {
  private OrderingKey() {}

  /**
   * @return equal for two records that have an order, null for one that has none
   */
  static @Nullable String of(Ordering ordering, ConsumerRecord<byte[], byte[]> record) {
    return switch (ordering) {
      case NONE -> null;
      case KEY -> byKey(record);
      case PARTITION -> record.topic() + '-' + record.partition();
    };
  }

  private static @Nullable String byKey(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    // Latin-1 gives every byte a character of its own, so different keys stay different.
    return key == null ? null : record.topic() + '/' + new String(key, ISO_8859_1);
  }
}
