/** What rule files say and how they fail. */
@NullMarked
package org.osprey.coordinator.worker.rules;

import org.jspecify.annotations.NullMarked;
