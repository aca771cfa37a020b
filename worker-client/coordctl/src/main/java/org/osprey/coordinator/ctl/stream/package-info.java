/** Follows a scheduled stream. */
@NullMarked
package org.osprey.coordinator.ctl.stream;

import org.jspecify.annotations.NullMarked;
