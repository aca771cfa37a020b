/** What a person or a script sees of a command: its output, its terminal, its exit status. */
@NullMarked
package org.osprey.coordinator.ctl.console;

import org.jspecify.annotations.NullMarked;
