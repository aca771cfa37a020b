/** Who is in a replica set, and which part of the work each has. */
@NullMarked
package org.osprey.coordinator.replica.member;

import org.jspecify.annotations.NullMarked;
