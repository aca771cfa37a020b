package org.osprey.coordinator.kafka;

import java.util.Map;

/**
 * Where the brokers are, and how to speak to them.
 *
 * @param properties passed to the Kafka clients as they are; may hold secrets
 */
record Cluster(String bootstrapServers, Map<String, String> properties) {}
