@NullMarked
package org.osprey.coordinator.tasks.samples;

import org.jspecify.annotations.NullMarked;
