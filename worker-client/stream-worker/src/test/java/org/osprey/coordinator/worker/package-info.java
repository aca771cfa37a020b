/** Workers against a scripted coordinator on a real socket. */
@NullMarked
package org.osprey.coordinator.worker;

import org.jspecify.annotations.NullMarked;
