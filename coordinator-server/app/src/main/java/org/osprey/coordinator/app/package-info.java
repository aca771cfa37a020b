/** Puts the parts together and runs them; nothing depends on this package. */
@NullMarked
package org.osprey.coordinator.app;

import org.jspecify.annotations.NullMarked;
