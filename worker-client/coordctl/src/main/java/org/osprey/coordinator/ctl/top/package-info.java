/** The live view: where its pictures come from, and how one is drawn. */
@NullMarked
package org.osprey.coordinator.ctl.top;

import org.jspecify.annotations.NullMarked;
