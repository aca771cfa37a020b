/** Events in streams, and reading all of them in an order that never leaves one out. */
@NullMarked
package org.osprey.coordinator.replica.event;

import org.jspecify.annotations.NullMarked;
