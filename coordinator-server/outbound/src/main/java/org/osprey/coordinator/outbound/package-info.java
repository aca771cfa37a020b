/** What calls to HTTP services have in common. */
@NullMarked
package org.osprey.coordinator.outbound;

import org.jspecify.annotations.NullMarked;
