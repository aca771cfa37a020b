/**
 * Metrics on their way out: every so often what a scrape would tell is asked for, made into metrics
 * of OpenTelemetry, and sent.
 */
@NullMarked
package org.osprey.coordinator.metrics;

import org.jspecify.annotations.NullMarked;
