/** Drives load, and measures how it is answered. */
@NullMarked
package org.osprey.coordinator.ctl.load;

import org.jspecify.annotations.NullMarked;
