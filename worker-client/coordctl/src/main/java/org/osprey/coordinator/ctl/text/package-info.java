/** Numbers, durations and tables as people read them. Knows nothing of coordinators. */
@NullMarked
package org.osprey.coordinator.ctl.text;

import org.jspecify.annotations.NullMarked;
