/** What the README shows, so that it compiles. */
@NullMarked
package org.osprey.coordinator.replica.example;

import org.jspecify.annotations.NullMarked;
