/** Replica sets in the coordinator: its instances are one, and operators see all of a database. */
@NullMarked
package org.osprey.coordinator.replicasets;

import org.jspecify.annotations.NullMarked;
