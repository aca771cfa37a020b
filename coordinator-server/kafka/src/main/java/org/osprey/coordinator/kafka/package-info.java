/**
 * Kafka as a source of actions, and as a place for results and dead letters. Records flow from the
 * consumer through a {@link org.osprey.coordinator.kafka.KafkaSource} into the core's intake;
 * finished offsets flow back from any thread into one window per assigned partition, and from
 * there, by the source's loop alone, to the broker. What is to be kept flows through one {@code
 * TopicWriter} per topic, whose loop alone speaks to the producer.
 */
@NullMarked
package org.osprey.coordinator.kafka;

import org.jspecify.annotations.NullMarked;
