package org.osprey.coordinator.pubsub;

import com.google.cloud.pubsub.v1.AckReplyConsumerWithResponse;

/**
 * One delivery of a message to us.
 *
 * @param reply takes its answer
 * @param at ticker nanoseconds
 * @param breaks how many events had happened by then that may cost us leases
 */
record Lease(AckReplyConsumerWithResponse reply, long at, long breaks) {}
