/** Tests of the configuration: texts and variables go in, records or lines of mistakes come out. */
@NullMarked
package org.osprey.coordinator.app.config;

import org.jspecify.annotations.NullMarked;
