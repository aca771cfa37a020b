/**
 * NATS JetStream as a source of actions, as a place for results and for dead letters. All three go
 * through one {@link org.osprey.coordinator.nats.NatsConnection}: messages flow from a durable pull
 * consumer into the core's intake, answers flow back from any thread by the message's reply
 * subject.
 */
@NullMarked
package org.osprey.coordinator.nats;

import org.jspecify.annotations.NullMarked;
