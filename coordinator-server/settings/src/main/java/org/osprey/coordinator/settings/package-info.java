/** Settings from YAML and the environment to records; knows the line of each mistake. */
@NullMarked
package org.osprey.coordinator.settings;

import org.jspecify.annotations.NullMarked;
