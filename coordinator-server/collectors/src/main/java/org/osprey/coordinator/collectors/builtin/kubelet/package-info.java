/** Watches the pods of a node through its kubelet. */
@NullMarked
package org.osprey.coordinator.collectors.builtin.kubelet;

import org.jspecify.annotations.NullMarked;
