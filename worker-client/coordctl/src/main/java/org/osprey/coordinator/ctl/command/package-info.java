/** One class for each command; Coordctl is the list of them. */
@NullMarked
package org.osprey.coordinator.ctl.command;

import org.jspecify.annotations.NullMarked;
