/** What is kept on disk: events that found no room, and positions. */
@NullMarked
package org.osprey.coordinator.collectors.store;

import org.jspecify.annotations.NullMarked;
