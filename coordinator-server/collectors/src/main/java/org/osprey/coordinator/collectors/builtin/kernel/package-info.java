/** Watches a machine through {@code /proc}. */
@NullMarked
package org.osprey.coordinator.collectors.builtin.kernel;

import org.jspecify.annotations.NullMarked;
