/**
 * A worker in a few lines: takes actions from one or several coordinators, hands each to a handler,
 * and sends back what it answers.
 *
 * <p>{@code StreamSlot} keeps one stream to a coordinator up; {@code ActionStream} is one such
 * stream; {@code ActionRun} is one action in the handler's hands. Actions flow in that order,
 * answers the other way. Slots belong to the timer's thread, streams guard themselves with their
 * own lock, and handlers run on virtual threads.
 */
@NullMarked
package org.osprey.coordinator.worker;

import org.jspecify.annotations.NullMarked;
