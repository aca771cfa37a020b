/**
 * The HTTP port. {@link HttpServer} serves what each {@link HttpRoutes} adds; the routes here show
 * and steer the coordinator through {@link Operator}, features bring their own. Requests come in on
 * virtual threads, so handlers may block; answers go out as JSON, errors as problem details.
 */
@NullMarked
package org.osprey.coordinator.http;

import org.jspecify.annotations.NullMarked;
