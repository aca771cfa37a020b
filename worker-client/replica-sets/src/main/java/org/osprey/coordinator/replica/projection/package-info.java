/** Projections: handlers that see each event of their streams once, in order, whoever runs them. */
@NullMarked
package org.osprey.coordinator.replica.projection;

import org.jspecify.annotations.NullMarked;
