/**
 * Traces with OpenTelemetry: the core tells what happened to a delivery and when, this makes spans
 * of it and sends them away. Nothing here is loaded while tracing is off.
 */
@NullMarked
package org.osprey.coordinator.tracing;

import org.jspecify.annotations.NullMarked;
