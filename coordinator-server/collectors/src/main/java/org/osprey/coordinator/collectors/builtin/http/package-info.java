/** Polls a URL for JSON. */
@NullMarked
package org.osprey.coordinator.collectors.builtin.http;

import org.jspecify.annotations.NullMarked;
