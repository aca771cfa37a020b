/** Collectors over HTTP. */
@NullMarked
package org.osprey.coordinator.collectors.gateway;

import org.jspecify.annotations.NullMarked;
