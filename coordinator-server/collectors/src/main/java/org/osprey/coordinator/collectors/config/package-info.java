/**
 * The sections {@code orchestrator} and {@code collectors} of a configuration, and the kinds of
 * collectors there are.
 */
@NullMarked
package org.osprey.coordinator.collectors.config;

import org.jspecify.annotations.NullMarked;
