/**
 * What a collector is made against: a {@link org.osprey.coordinator.collector.CollectorKind} that
 * {@link java.util.ServiceLoader} finds, and the {@link
 * org.osprey.coordinator.collector.Collector}s it makes. Nothing but the JDK is needed.
 */
@NullMarked
package org.osprey.coordinator.collector;

import org.jspecify.annotations.NullMarked;
