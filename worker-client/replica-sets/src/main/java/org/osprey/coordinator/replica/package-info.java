/** Replica sets: named groups of workers that share their work by means of a database. */
@NullMarked
package org.osprey.coordinator.replica;

import org.jspecify.annotations.NullMarked;
