/**
 * Events on their way from collectors to where they go: a ring per collector, workers that take
 * from them in turn, and the ledger that says what became of each.
 */
@NullMarked
package org.osprey.coordinator.collectors.flow;

import org.jspecify.annotations.NullMarked;
