/**
 * Streams over NATS, on the subjects of the service that this replaces: its clients send commands
 * to any coordinator and get updates from the one that has the stream.
 */
@NullMarked
package org.osprey.coordinator.streams.nats;

import org.jspecify.annotations.NullMarked;
