/** What a coordinator lists, as tables. */
@NullMarked
package org.osprey.coordinator.ctl.view;

import org.jspecify.annotations.NullMarked;
