/**
 * Measures a whole coordinator from outside: each {@link
 * org.osprey.coordinator.benchmarks.e2e.Scenario} starts one as a process, puts load on it over
 * gRPC, and gives back figures, which {@link org.osprey.coordinator.benchmarks.e2e.EndToEnd} prints
 * as one table.
 */
@NullMarked
package org.osprey.coordinator.benchmarks.e2e;

import org.jspecify.annotations.NullMarked;
