/** Tests of the announcer, most of them against etcd servers of their own. */
@NullMarked
package org.osprey.coordinator.etcd;

import org.jspecify.annotations.NullMarked;
