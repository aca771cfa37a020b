/** Makes events for tests of load. */
@NullMarked
package org.osprey.coordinator.collectors.builtin.generator;

import org.jspecify.annotations.NullMarked;
