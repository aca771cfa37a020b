/**
 * Tasks: a request is split into calls to services, each call is made until it succeeds or is given
 * up, and every step is a row of the database.
 *
 * <p>{@link org.osprey.coordinator.tasks.TaskRequest} reads and splits, {@link
 * org.osprey.coordinator.tasks.ServiceClient} calls.
 */
@NullMarked
package org.osprey.coordinator.tasks;

import org.jspecify.annotations.NullMarked;
