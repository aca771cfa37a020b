@NullMarked
package org.osprey.coordinator.streams.gateway;

import org.jspecify.annotations.NullMarked;
