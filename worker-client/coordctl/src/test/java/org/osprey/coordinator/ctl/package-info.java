@NullMarked
package org.osprey.coordinator.ctl;

import org.jspecify.annotations.NullMarked;
