/**
 * What the hot path costs: hand-overs, codecs, ids, and the memory of a queued action. Reads core,
 * codec and snowflake from outside; nothing depends on this package.
 */
@NullMarked
package org.osprey.coordinator.benchmarks;

import org.jspecify.annotations.NullMarked;
