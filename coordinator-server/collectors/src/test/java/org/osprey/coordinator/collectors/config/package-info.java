@NullMarked
package org.osprey.coordinator.collectors.config;

import org.jspecify.annotations.NullMarked;
