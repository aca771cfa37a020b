/** Workers as processes that are killed, stopped and woken, beside a server that is, too. */
@NullMarked
package org.osprey.coordinator.replica.faults;

import org.jspecify.annotations.NullMarked;
