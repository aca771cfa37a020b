@NullMarked
package org.osprey.coordinator.tracing;

import org.jspecify.annotations.NullMarked;
