/** Messages good and bad go in; an action or a reason, never anything else, comes out. */
@NullMarked
package org.osprey.coordinator.codec;

import org.jspecify.annotations.NullMarked;
