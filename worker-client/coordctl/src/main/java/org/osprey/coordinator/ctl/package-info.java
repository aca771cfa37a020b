/**
 * The command line of a coordinator. {@code Main} gives the words of the command line to {@code
 * command}, which asks the coordinator through {@code api} and shows the answers with {@code text};
 * {@code top} and {@code load} are the two commands that go on for a while.
 */
@NullMarked
package org.osprey.coordinator.ctl;

import org.jspecify.annotations.NullMarked;
