@NullMarked
package org.osprey.coordinator.collectors.lifecycle;

import org.jspecify.annotations.NullMarked;
