/**
 * Streams over HTTP: {@link org.osprey.coordinator.streams.gateway.StreamRoutes} takes commands,
 * and lets clients watch over WebSockets and server-sent events, in front of any {@link
 * org.osprey.coordinator.streams.Transport}.
 */
@NullMarked
package org.osprey.coordinator.streams.gateway;

import org.jspecify.annotations.NullMarked;
