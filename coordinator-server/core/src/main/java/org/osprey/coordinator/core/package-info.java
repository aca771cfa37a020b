/**
 * The coordinator's core: a {@link org.osprey.coordinator.core.Source} offers deliveries to the
 * {@link org.osprey.coordinator.core.Dispatcher}, which queues them, leases each to one {@link
 * org.osprey.coordinator.core.Target} at a time and tells the source the {@link
 * org.osprey.coordinator.core.Outcome}.
 *
 * <p>Everything that changes lives under the dispatcher's one lock and moves only when somebody
 * calls it: with a {@link org.osprey.coordinator.core.ManualTicker} and a seeded source of
 * randomness the whole core is deterministic. Nothing here knows a wire, a broker or JSON.
 */
@NullMarked
package org.osprey.coordinator.core;

import org.jspecify.annotations.NullMarked;
