/**
 * Collectors from their configuration to running instances: started, watched, restarted, reloaded.
 */
@NullMarked
package org.osprey.coordinator.collectors.lifecycle;

import org.jspecify.annotations.NullMarked;
