/**
 * The two gRPC services, health and reflection. This package translates between the wire and the
 * {@link org.osprey.coordinator.core.Dispatcher} and decides nothing: a message becomes an event, a
 * lease becomes a message, an outcome becomes a response or a status.
 *
 * <p>Everything runs on the event loops of one shared group, and nothing in here blocks them.
 */
@NullMarked
package org.osprey.coordinator.rpc;

import org.jspecify.annotations.NullMarked;
