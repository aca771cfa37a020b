package org.osprey.coordinator.kafka;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One broker for all tests that do it no harm; it makes no topics by itself. It ends with this JVM.
 */
final class SharedBroker {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static @Nullable KafkaBroker broker;
  private static @Nullable TestKafka kafka;

  private SharedBroker() {}

  static synchronized KafkaBroker broker() {
    if (broker == null) {
      broker =
          KafkaBroker.start(
              Map.of(
                  "auto.create.topics.enable", "false",
                  "log.cleaner.backoff.ms", "100",
                  "group.consumer.heartbeat.interval.ms", "500",
                  "group.consumer.min.heartbeat.interval.ms", "500"));
    }
    return broker;
  }

  static synchronized TestKafka kafka() {
    if (kafka == null) {
      kafka = new TestKafka(broker().bootstrapServers());
    }
    return kafka;
  }

  /** A name for a topic that nobody else uses. */
  static String name() {
    return "shared-" + NAMES.incrementAndGet();
  }
}
