/**
 * Streams in the database: {@link org.osprey.coordinator.streams.store.DatabaseSnapshots} keeps how
 * they stand, {@link org.osprey.coordinator.streams.store.LeasedOwnership} settles which
 * coordinator runs which of them.
 */
@NullMarked
package org.osprey.coordinator.streams.store;

import org.jspecify.annotations.NullMarked;
