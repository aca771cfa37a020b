/** Follows files as lines are added to them. */
@NullMarked
package org.osprey.coordinator.collectors.builtin.file;

import org.jspecify.annotations.NullMarked;
