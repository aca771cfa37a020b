@NullMarked
package org.osprey.coordinator.metrics;

import org.jspecify.annotations.NullMarked;
