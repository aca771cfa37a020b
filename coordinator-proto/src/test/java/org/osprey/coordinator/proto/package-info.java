/** Holds the compiled protocol against what existing clients and workers speak. */
@NullMarked
package org.osprey.coordinator.proto;

import org.jspecify.annotations.NullMarked;
