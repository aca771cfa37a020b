/** Asks a coordinator over HTTP, and says in one line what went wrong. */
@NullMarked
package org.osprey.coordinator.ctl.api;

import org.jspecify.annotations.NullMarked;
