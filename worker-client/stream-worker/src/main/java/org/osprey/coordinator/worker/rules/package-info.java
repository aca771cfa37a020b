/**
 * The tiny rule language of the sample worker: text lines in, verdicts for an action's name and
 * fields out. Knows nothing of coordinators.
 */
@NullMarked
package org.osprey.coordinator.worker.rules;

import org.jspecify.annotations.NullMarked;
