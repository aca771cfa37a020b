/** Services to try tasks with, on a machine that has none. */
@NullMarked
package org.osprey.coordinator.tasks.samples;

import org.jspecify.annotations.NullMarked;
