/**
 * Google Cloud Pub/Sub as a source of actions. Messages flow from the client library's streaming
 * pull, by way of the messages we hold, into the core's intake; outcomes flow back from any thread
 * to the library, which acks and keeps the leases.
 */
@NullMarked
package org.osprey.coordinator.pubsub;

import org.jspecify.annotations.NullMarked;
