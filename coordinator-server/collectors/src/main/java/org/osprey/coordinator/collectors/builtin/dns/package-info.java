/** Watches what names resolve to. */
@NullMarked
package org.osprey.coordinator.collectors.builtin.dns;

import org.jspecify.annotations.NullMarked;
