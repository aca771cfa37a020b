/** The whole coordinator, on free ports, against clients and faults as they come in the field. */
@NullMarked
package org.osprey.coordinator.it;

import org.jspecify.annotations.NullMarked;
