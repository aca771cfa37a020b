/** Publishes events to NATS, with or without JetStream. */
@NullMarked
package org.osprey.coordinator.collectors.nats;

import org.jspecify.annotations.NullMarked;
