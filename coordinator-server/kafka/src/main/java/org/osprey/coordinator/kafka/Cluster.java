package org.osprey.coordinator.kafka;

import java.util.Map;

/**
 * Where the brokers are, and how to speak to them.
 *
 * @param section of the coordinator's settings that says so, for people
 * @param properties passed to the Kafka clients as they are; may hold secrets
 */
record Cluster(String section, String bootstrapServers, Map<String, String> properties) {}
