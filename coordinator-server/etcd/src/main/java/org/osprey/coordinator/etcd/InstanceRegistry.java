package org.osprey.coordinator.etcd;

import java.util.List;

/**
 * One of etcd's two stores. Methods block for a bounded time and are called by one thread, except
 * for {@link #close}.
 */
interface InstanceRegistry extends AutoCloseable {

  /** The name of the store for logs. */
  String name();

  /** Afterwards each instance is there as given and goes away a time to live later. */
  void write(List<Instance> instances) throws RegistryException;

  /** Whether each instance is there as it was written. */
  boolean holds(List<Instance> instances) throws RegistryException;

  /** Instances that are not there are fine. */
  void remove(List<Instance> instances) throws RegistryException;

  /** Ends what is going on; further calls fail. May be repeated, by any thread. */
  @Override
  void close();
}
