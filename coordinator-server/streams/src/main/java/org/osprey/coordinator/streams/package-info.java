/**
 * Scheduled streams: each steps through scenes on a clock while somebody watches, and tells all who
 * watch how it stands.
 *
 * <p>{@link org.osprey.coordinator.streams.Transport} is the way in and out, {@link
 * org.osprey.coordinator.streams.Shard} owns streams and lets their time pass, {@link
 * org.osprey.coordinator.streams.ScheduledStream} is one of them.
 */
@NullMarked
package org.osprey.coordinator.streams;

import org.jspecify.annotations.NullMarked;
