/**
 * The collectors that come with the coordinator, a package for each kind; here is what several of
 * them use.
 */
@NullMarked
package org.osprey.coordinator.collectors.builtin;

import org.jspecify.annotations.NullMarked;
