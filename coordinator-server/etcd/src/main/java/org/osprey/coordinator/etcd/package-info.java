/**
 * Announces the coordinator in etcd. What is wanted flows from {@link
 * org.osprey.coordinator.etcd.EtcdAnnouncer} to one registration for each of etcd's two stores,
 * each with a loop of its own that makes the store look as wanted; nothing flows back but whether
 * it does.
 */
@NullMarked
package org.osprey.coordinator.etcd;

import org.jspecify.annotations.NullMarked;
